import { LabError } from '../model/lab-error.ts';
import { type LocalBoot, localBoots, readLocalBoot } from '../model/local-boot.ts';
import { type Located, positionOf } from '../model/located.ts';
import { type Problem, sortProblems } from '../model/problem.ts';
import { parseYaml } from '../store/yaml.ts';

/** What `registry:` in lab.yaml says, with defaults filled in. */
export interface RegistrySettings {
  /** The school or institute, as it stands over the register. */
  readonly unit: string;
  readonly filingNumbers: readonly string[];
  /** The regulation the register is kept by. */
  readonly citation: string;
  /** Days after which an owner has to be confirmed anew. */
  readonly confirmDays: number;
}

/** What was written in lab.yaml; undefined where nothing was. */
export interface WrittenSettings {
  readonly inventory?: readonly string[];
  readonly state?: string;
  readonly lang?: string;
  readonly registry: RegistrySettings;
  /** How PCs of a model get from the network boot to their disk, by model as it was written. */
  readonly localBoots?: ReadonlyMap<string, LocalBoot>;
}

/** How each key of a mapping is read, and what is said when that fails. */
type Readers<T> = {
  readonly [K in keyof T]-?: readonly [wanted: string, read: (node: Located) => T[K] | undefined];
};

interface TopKeys {
  readonly inventory: readonly string[];
  readonly state: string;
  readonly lang: string;
  readonly registry: Located;
  readonly netboot: Located;
}

interface RegistryKeys {
  readonly unit: string;
  readonly filing_numbers: readonly string[];
  readonly citation: string;
  readonly confirm_days: number;
}

const topReaders: Readers<TopKeys> = {
  inventory: ['a path or a list of paths', readTexts],
  state: ['a folder', readText],
  lang: ['en or zh-CN', readLang],
  registry: ['a mapping', readMap],
  netboot: ['a mapping', readMap],
};

const registryReaders: Readers<RegistryKeys> = {
  unit: ['a text', readText],
  filing_numbers: ['a text or a list of texts', readTexts],
  citation: ['a text', readText],
  confirm_days: ['a whole number of days, 1 to 3650', readDays],
};

interface NetbootKeys {
  readonly local_boot: Located;
}

const netbootReaders: Readers<NetbootKeys> = { local_boot: ['a mapping of models', readMap] };

/** Reads the text of a lab.yaml; throws LabError 'input' with every key that is unknown or has a value it cannot have. */
export function readSettingsFile(file: string, text: string): WrittenSettings {
  const { root, problems } = parseYaml(text, file);
  const all: Problem[] = [...problems];
  const { registry, netboot, ...top } = readKeys(root, topReaders, '', all);
  const sheet = readKeys(registry, registryReaders, 'registry.', all);
  const boot = readKeys(netboot, netbootReaders, 'netboot.', all);
  const models = boot.local_boot && readModels(boot.local_boot, all);
  if (all.length > 0)
    throw new LabError('input', `${file} has problems`, '', { problems: sortProblems(all) });
  return {
    ...top,
    ...(models && { localBoots: models }),
    registry: {
      unit: sheet.unit ?? '',
      filingNumbers: sheet.filing_numbers ?? [],
      citation: sheet.citation ?? '',
      confirmDays: sheet.confirm_days ?? 365,
    },
  };
}

function readKeys<T>(
  node: Located | undefined,
  readers: Readers<T>,
  prefix: string,
  problems: Problem[],
): Partial<T> {
  const known = Object.keys(readers) as (keyof T & string)[];
  const found: Partial<T> = {};
  for (const { key, value } of node?.kind === 'map' ? node.entries : []) {
    const name = known.find((each) => each === key.text);
    const path = `${prefix}${key.text}`;
    if (name === undefined) {
      const hint = `known settings are ${known.map((each) => `${prefix}${each}`).join(', ')}`;
      problems.push(problem(key, 'unknown-setting', path, `unknown setting "${path}"`, hint));
      continue;
    }
    const [wanted, read] = readers[name];
    const said = read(value);
    if (said === undefined)
      problems.push(problem(value, 'bad-setting', path, `"${path}" must be ${wanted}`));
    else found[name] = said;
  }
  return found;
}

/** Any model may be named: what its PCs call themselves is known to its maker alone. */
function readModels(node: Located, problems: Problem[]): ReadonlyMap<string, LocalBoot> {
  const found = new Map<string, LocalBoot>();
  for (const { key, value } of node.kind === 'map' ? node.entries : []) {
    const path = `netboot.local_boot.${key.text}`;
    const way = readLocalBoot(readText(value));
    const wanted = `one of ${localBoots.join(', ')}`;
    if (way !== '') found.set(key.text, way);
    else problems.push(problem(value, 'bad-setting', path, `"${path}" must be ${wanted}`));
  }
  return found;
}

function problem(node: Located, rule: string, path: string, message: string, hint = ''): Problem {
  return { severity: 'error', rule, ...positionOf(node), path, message, hint };
}

function readMap(node: Located): Located | undefined {
  return node.kind === 'map' ? node : undefined;
}

function readText(node: Located): string | undefined {
  return node.kind === 'scalar' ? node.text : undefined;
}

function readLang(node: Located): string | undefined {
  const text = readText(node) ?? '';
  return /^(en|zh)\b/i.test(text) ? text : undefined;
}

function readTexts(node: Located): string[] | undefined {
  if (node.kind !== 'list') return node.kind === 'scalar' ? [node.text] : undefined;
  const texts = node.items.map(readText);
  return texts.every((each) => each !== undefined) ? texts : undefined;
}

function readDays(node: Located): number | undefined {
  const text = readText(node) ?? '';
  const days = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  return days >= 1 && days <= 3650 ? days : undefined;
}
