import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../../src/cli/io.ts';
import { makeTemplateEffects } from '../../src/cli/play/template-effects.ts';
import type { HostWorker } from '../../src/engine/play/hands.ts';
import { type Journal, makeMemoryJournal } from '../../src/engine/play/journal.ts';
import { openWorker } from '../../src/engine/play/open-worker.ts';
import {
  type PlayRim,
  type PlayTotals,
  type RunState,
  runPlays,
} from '../../src/engine/play/run-plays.ts';
import { mergeInventory } from '../../src/inventory/merge.ts';
import { resolveInventory } from '../../src/inventory/resolve.ts';
import { selectHosts } from '../../src/inventory/select.ts';
import type { RunEventBody, TaskFinished, TaskStarted } from '../../src/model/event.ts';
import type { Host, Inventory } from '../../src/model/host.ts';
import { LabError } from '../../src/model/lab-error.ts';
import type { AnyModule } from '../../src/model/module.ts';
import { isPlayMapping, type PlayVars } from '../../src/model/play-value.ts';
import { isMapping, makeVars } from '../../src/model/value.ts';
import { typeValue } from '../../src/model/yaml-value.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { makeScope } from '../../src/playbook/make-scope.ts';
import { createTemplar } from '../../src/playbook/template/templar.ts';
import { typePlayValue } from '../../src/playbook/type-values.ts';
import { loadInventoryFiles } from '../../src/store/inventory-files.ts';
import { openPlaySources } from '../../src/store/play-sources.ts';
import { saveFetched, sha1Here } from '../../src/store/save-fetched.ts';
import { parseYaml } from '../../src/store/yaml.ts';
import { diskRim } from './load-rim.ts';
import { openLocalRig } from './local-rig.ts';

/** Files of a project by their paths; `site.yaml` is the playbook and `inventory.yaml` the inventory. */
export type Project = { readonly [path: string]: string };

/** How a playbook is run in a test. */
export interface PlaySetting {
  readonly checkMode?: boolean;
  readonly diffMode?: boolean;
  readonly extraVars?: PlayVars;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly limit?: string;
  readonly rim?: Partial<PlayRim>;
  readonly journal?: Journal;
  /** Stands in for the workers over local connections. */
  readonly openWorker?: (host: Host) => HostWorker;
}

/** What a run of a playbook left behind. */
export interface Played {
  readonly totals: PlayTotals;
  readonly events: readonly RunEventBody[];
  readonly state: RunState;
}

/** Four hosts that are all this machine itself, in two groups. */
export const fourHosts = `all:
  vars:
    ansible_connection: local
    ansible_python_interpreter: /usr/bin/python3
  children:
    web: {hosts: {h1: {n: 1}, h2: {n: 2}, h3: {n: 3}}}
    db: {hosts: {h4: {n: 4}}}
`;

/** Writes a project into a folder of its own; `inventory.yaml` is the four hosts unless given. */
export function writeProject(files: Project): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'lab-play-'));
  // tasks that become another user work in it as well
  chmodSync(folder, 0o755);
  for (const [path, text] of Object.entries({ 'inventory.yaml': fourHosts, ...files })) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

let modules: Promise<ReadonlyMap<string, AnyModule>> | undefined;

/** The modules of the catalog by all of their names. */
export function loadModules(): Promise<ReadonlyMap<string, AnyModule>> {
  modules ??= readModules();
  return modules;
}

async function readModules(): Promise<ReadonlyMap<string, AnyModule>> {
  const folder = join(import.meta.dirname, '../../src/catalog/modules');
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const found = await Promise.all(
    names.map(async (name) => {
      const { default: module } = (await import(join(folder, name))) as { default: AnyModule };
      return [module.name, ...(module.aliases ?? [])].map((word) => [word, module] as const);
    }),
  );
  return new Map(found.flat());
}

/** Loads and runs `site.yaml` of a folder with everything real but the terminal. */
export async function playProject(folder: string, setting: PlaySetting = {}): Promise<Played> {
  const inventory = await readInventory(folder);
  const known = await loadModules();
  const loaded = await loadPlaybook(join(folder, 'site.yaml'), diskRim({ modules: known }), {
    extraVars: setting.extraVars ?? {},
  });
  const state = stateOf(inventory, setting);
  const events: RunEventBody[] = [];
  const rig = openLocalRig(folder);
  const setup = known.get('setup');
  try {
    const rim: PlayRim = {
      ...plainRim(folder, inventory, setting),
      openWorker: setting.openWorker ?? ((host) => localWorker(host, rig.connect, setting)),
      emit: (event) => events.push(event),
      ...(setup && { setup }),
      ...setting.rim,
    };
    return { totals: await runPlays(loaded, state, rim), events, state };
  } finally {
    await rig.close();
  }
}

async function readInventory(folder: string): Promise<Inventory> {
  const { files, problems } = await loadInventoryFiles([join(folder, 'inventory.yaml')], folder);
  const raw = mergeInventory(files);
  const { inventory, problems: more } = resolveInventory(raw);
  const errors = [...problems, ...raw.problems, ...more].filter(
    ({ severity }) => severity === 'error',
  );
  if (errors.length > 0) throw new LabError('input', 'inventory', '', { problems: errors });
  return inventory;
}

function stateOf({ hosts, groups }: Inventory, setting: PlaySetting): RunState {
  const names = (group: string): readonly string[] =>
    hosts.filter((host) => host.groups.includes(group)).map(({ name }) => name);
  const blank = () => ({ facts: makeVars(), setFacts: makeVars(), includedVars: {} });
  return {
    hosts: new Map(hosts.map((host) => [host.name, { host, ...blank() }])),
    groups: new Map([
      ...groups.map(({ name }) => [name, names(name)] as const),
      ['all', hosts.map(({ name }) => name)],
      ['ungrouped', []],
    ]),
    extraVars: setting.extraVars ?? {},
    checkMode: setting.checkMode ?? false,
    diffMode: setting.diffMode ?? false,
    tags: setting.tags ?? ['all'],
    skipTags: setting.skipTags ?? [],
    limit: setting.limit ?? '',
    forks: 5,
    verbosity: 0,
    inventoryFiles: [],
    omit: '__omit_place_holder__test',
  };
}

let nonces = 0;

function plainRim(
  folder: string,
  inventory: Inventory,
  setting: PlaySetting,
): Omit<PlayRim, 'openWorker' | 'emit'> {
  const { env } = process;
  const io = { env: { ...env }, now: Date.now, cwd: folder } as unknown as Io;
  const { limit } = setting;
  return {
    templar: createTemplar(makeTemplateEffects(io)),
    makeScope,
    loadSource: (wish, folders) => sources.load(wish, folders),
    readVarsFile: async (path) => {
      const text = await diskRim().readText(path);
      const root = text === undefined ? undefined : parseYaml(text, path).root;
      const value = root && typePlayValue(root);
      return isPlayMapping(value) ? value : undefined;
    },
    parseVars({ text, file }) {
      const { root } = parseYaml(text, file);
      const value = root ? typeValue(root) : {};
      if (isMapping(value)) return value;
      throw new LabError('failed', `${file} must be stored as a dictionary/hash`);
    },
    selectHosts: (pattern) =>
      selectHosts(inventory, pattern).filter(
        (host) => limit === undefined || selectHosts(inventory, limit).includes(host),
      ),
    journal: setting.journal ?? makeMemoryJournal(),
    now: () => performance.now(),
    nowMs: Date.now,
    sleep: async () => {},
    signal: new AbortController().signal,
    stop: new AbortController().signal,
    forks: 5,
    nonce: () => `n${++nonces}`,
    ...(setting.tags && { tags: setting.tags }),
    ...(setting.skipTags && { skipTags: setting.skipTags }),
  };
}

const sources = openPlaySources();

function localWorker(
  host: Host,
  connect: ReturnType<typeof openLocalRig>['connect'],
  setting: PlaySetting,
): HostWorker {
  return openWorker({
    host,
    connect: () => connect(host, new AbortController().signal),
    checkMode: setting.checkMode ?? false,
    nonce: () => `w${++nonces}`,
    nowMs: Date.now,
    sleep: async () => {},
    openSource: (path) => sources.open(path),
    saveHere: saveFetched,
    sha1Here,
  });
}

/** What a test looks at: each task with its hosts' outcomes, in order. */
export function tableOf(events: readonly RunEventBody[]): readonly string[] {
  const started = events.filter((event): event is TaskStarted => event.type === 'task.started');
  return started.map(({ task, name }) => {
    const rows = rowsOf(events, task).map(({ host, outcome, ignored, rescued }) =>
      [host, outcome, ...(ignored ? ['ignored'] : []), ...(rescued ? ['rescued'] : [])].join(' '),
    );
    return `${name}: ${rows.toSorted().join(', ')}`;
  });
}

/** The rows of a task without those of its loop's items. */
export function rowsOf(events: readonly RunEventBody[], task: string): readonly TaskFinished[] {
  return events.filter(
    (event): event is TaskFinished =>
      event.type === 'task.finished' && event.task === task && event.item === undefined,
  );
}
