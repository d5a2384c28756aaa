import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { type Located, positionOf } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { parseYaml } from '../store/yaml.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';

/** What `lab.yaml` of a project says, with defaults filled in. */
export interface Settings {
  /** The folder of `lab.yaml`, else the current one. */
  readonly folder: string;
  /** Paths as typed, or from the current folder. */
  readonly inventories: readonly string[];
  readonly stateFolder: string;
  readonly lang: 'en' | 'zh-CN';
}

const knownKeys = ['inventory', 'state', 'lang'];

/** Finds the project's settings from the current folder upwards and combines them with flags and environment: flags win, then `LAB_INVENTORY`, then the file. */
export async function loadSettings(flags: Flags, io: Io): Promise<Settings> {
  const found = await findSettingsFile(io.cwd);
  const folder = found === undefined ? io.cwd : dirname(found.file);
  const written =
    found === undefined ? new Map<string, string[]>() : readSettings(found.file, found.text);
  const inventories =
    flags.inventory.length > 0
      ? flags.inventory
      : io.env['LAB_INVENTORY']
        ? io.env['LAB_INVENTORY'].split(',')
        : (written.get('inventory') ?? ['inventories']).map((path) =>
            fromHere(resolve(folder, path), io),
          );
  const state =
    flags.state === undefined
      ? resolve(folder, written.get('state')?.[0] ?? '.lab')
      : resolve(io.cwd, flags.state);
  return {
    folder,
    inventories,
    stateFolder: state,
    lang: flags.lang ?? languageOf(written.get('lang')?.[0], io),
  };
}

/** A path as a person in the current folder would write it: places in reports can be clicked and copied. */
function fromHere(path: string, { cwd }: Io): string {
  return relative(cwd, path) || '.';
}

function languageOf(written: string | undefined, io: Io): 'en' | 'zh-CN' {
  const locale = written ?? io.env['LC_ALL'] ?? io.env['LC_MESSAGES'] ?? io.env['LANG'] ?? '';
  return /^zh/i.test(locale) ? 'zh-CN' : 'en';
}

async function findSettingsFile(
  start: string,
): Promise<{ file: string; text: string } | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'lab.yaml');
    try {
      return { file, text: await readFile(file, 'utf8') };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR')
        throw new LabError('environment', `cannot read ${file}: ${code}`);
    }
    if (folder === dirname(folder)) return undefined;
  }
}

function readSettings(file: string, text: string): Map<string, string[]> {
  const { root, problems } = parseYaml(text, file);
  const all: Problem[] = [...problems];
  const settings = new Map<string, string[]>();
  for (const { key, value } of root?.kind === 'map' ? root.entries : []) {
    const texts = textsOf(value);
    if (!knownKeys.includes(key.text))
      all.push(problem(key, 'unknown-setting', `unknown setting "${key.text}"`));
    else if (texts === undefined)
      all.push(problem(value, 'bad-setting', `"${key.text}" must be a text`));
    else settings.set(key.text, texts);
  }
  if (all.length > 0) throw new LabError('input', `${file} has problems`, '', { problems: all });
  return settings;
}

function problem(node: Located, rule: string, message: string): Problem {
  const hint = `known settings are ${knownKeys.join(', ')}`;
  return { severity: 'error', rule, ...positionOf(node), path: '', message, hint };
}

function textsOf(node: Located): string[] | undefined {
  if (node.kind === 'scalar') return [node.text];
  if (node.kind !== 'list') return undefined;
  const texts = node.items.map((item) => (item.kind === 'scalar' ? item.text : undefined));
  return texts.every((each) => each !== undefined) ? texts : undefined;
}
