import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { openSim } from '../../sim/open-sim.ts';
import type { Fault, Sim } from '../../sim/types.ts';
import { isMapping, type Value, type Vars } from '../../src/model/value.ts';
import { labPath } from './lab.ts';
import { treeOfPc } from './pc-tree.ts';

/** A difference that is meant: the beginning of a line of one side or the other, and why. */
export interface Meant {
  readonly ansible?: string;
  readonly lab?: string;
  readonly why: string;
}

/** What a playbook of tests/fixtures/compare says of itself in its lines that begin with `#: `, which are YAML. */
export interface Wish {
  /** How many PCs, all in the group `lab`; the first in `teachers` too, the others in `students`. */
  readonly pcs?: number;
  /** Options of both programs. */
  readonly flags?: readonly string[];
  /** The account to log in with; root unless given. `tech` becomes with a password, `labadmin` without. */
  readonly user?: 'root' | 'tech' | 'labadmin';
  readonly faults?: Readonly<Record<string, Fault>>;
  /** A script that runs as root in every PC first. */
  readonly before?: string;
  /** Hosts go on by themselves: the order of rows is nobody's business. */
  readonly anyOrder?: boolean;
  /** Paths of the PCs' trees that are not compared, as regular expressions, with the reason. */
  readonly ignore?: Readonly<Record<string, string>>;
  readonly differs?: readonly Meant[];
  /** Labkit refuses the playbook before it touches a PC, where Ansible changes `/srv/changed` first; why. */
  readonly refused?: string;
}

/** One side's run as lines: rows `TASK | HOST | STATUS`, recap, exit code, files of the PCs, files below `out/` of the project. */
export type Lines = readonly string[];

/** The folder of the playbooks; what they share (roles, files, templates) lies beside them. */
export const compareFolder = join(import.meta.dirname, '..', 'fixtures', 'compare');

/** Names of the playbooks that are compared. */
export function comparedPlaybooks(): readonly string[] {
  return readdirSync(compareFolder)
    .filter((name) => name.endsWith('.yml'))
    .sort();
}

/** Reads what a playbook wishes for. */
export function wishOf(name: string): Wish {
  const lines = readFileSync(join(compareFolder, name), 'utf8').split('\n');
  const head = lines.filter((line) => line.startsWith('#: ')).map((line) => line.slice(3));
  return (parse(head.join('\n')) ?? {}) as Wish;
}

/** Runs a playbook by ansible-playbook and by `lab play` at the same time, each on a room of its own that was just raised. */
export async function compareOnPcs(name: string): Promise<{ ansible: Lines; lab: Lines }> {
  const [ansible, lab] = await Promise.all([runByAnsible(name), runByLab(name)]);
  return { ansible, lab };
}

/** One side of a comparison. */
export function runByAnsible(name: string): Promise<Lines> {
  const wish = wishOf(name);
  return onRoom(wish, (place) => runAnsible(place, name, wish));
}

/** The other side; `program` is the `lab` to run. */
export function runByLab(name: string, program = labPath): Promise<Lines> {
  const wish = wishOf(name);
  return onRoom(wish, (place) => runLab(place, name, wish, program));
}

/** A raised room and the project on its controller. */
export interface Place {
  readonly sim: Sim;
  /** A copy of the folder of playbooks. */
  readonly folder: string;
}

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs something on a room of its own beside a copy of `source`; its lines come back with what the PCs' disks then hold. */
export async function onRoom(
  wish: Wish,
  run: (place: Place) => Promise<Lines>,
  source = compareFolder,
): Promise<Lines> {
  const folder = mkdtempSync(join(tmpdir(), 'compare-'));
  const { before, faults = {} } = wish;
  const sim = await openSim({ rooms: [{ name: 'a', pcs: wish.pcs ?? 1 }] });
  try {
    cpSync(source, folder, { recursive: true });
    writeFileSync(join(folder, 'inventory.yaml'), inventoryOf(sim, wish));
    for (const pc of before === undefined ? [] : sim.pcs) {
      const done = await sim.inside(pc.name, ['sh', '-euc', before ?? '']);
      if (done.exitCode !== 0) throw new Error(`before: ${done.stdout}${done.stderr}`);
    }
    for (const [host, fault] of Object.entries(faults)) await sim.setFault(host, fault);
    const rows = await run({ sim, folder });
    const password = passwordHash(sim);
    return [...rows, ...treeLines(sim, wish), ...fetched(folder)].map((line) =>
      line.replaceAll(folder, '/project').replaceAll(JSON.stringify(password).slice(1, -1), 'TECH'),
    );
  } finally {
    await sim.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the PCs' disks hold beyond their base, without what the wish leaves out. */
export function treeLines(sim: Sim, wish: Wish): Lines {
  const ignored = Object.keys(wish.ignore ?? {}).map((pattern) => new RegExp(pattern));
  return sim.pcs.flatMap((pc) =>
    [...treeOfPc(sim, pc.name)]
      .filter(([path]) => !ignored.some((pattern) => pattern.test(path)))
      .map(([path, state]) => `tree: ${pc.name} ${path} ${state}`),
  );
}

/** Every room has a password of its own for tech. */
function passwordHash(sim: Sim): string {
  return /^tech:([^:]+):/m.exec(readFileSync(`${sim.folder}/layer/etc/shadow`, 'utf8'))?.[1] ?? '';
}

/** One inventory for both programs: `ip` is Labkit's word for what `ansible_host` is Ansible's. */
function inventoryOf(sim: Sim, wish: Wish): string {
  const hosts = Object.fromEntries(
    sim.pcs.map(({ name, ip, mac, seat }) => [name, { ip, ansible_host: ip, mac, seat }]),
  );
  const [first = '', ...others] = sim.pcs.map(({ name }) => name);
  const vars = {
    ansible_user: wish.user ?? 'root',
    ansible_ssh_private_key_file: sim.keyFile,
    ansible_python_interpreter: '/usr/bin/python3',
  };
  const children = {
    lab: { hosts },
    teachers: { hosts: { [first]: {} } },
    students: { hosts: Object.fromEntries(others.map((host) => [host, {}])) },
  };
  return JSON.stringify({ all: { vars, children } }, undefined, 1);
}

function optionsOf({ sim, folder }: Place, name: string, wish: Wish): readonly string[] {
  const password = wish.user === 'tech' ? ['--become-password-file', sim.passwordFile] : [];
  return ['-i', join(folder, 'inventory.yaml'), ...(wish.flags ?? []), ...password, name];
}

/** One run of ansible-playbook, as lines. */
export async function runAnsible(place: Place, name: string, wish: Wish): Promise<Lines> {
  const { sim, folder } = place;
  const env = {
    LANG: 'C.UTF-8',
    ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
    ANSIBLE_DEPRECATION_WARNINGS: 'False',
    ANSIBLE_RETRY_FILES_ENABLED: 'False',
    ANSIBLE_NOCOLOR: '1',
    // Some of its lists come from sets, whose order Python draws anew for every process.
    PYTHONHASHSEED: '0',
    ANSIBLE_PIPELINING: 'True',
    ANSIBLE_HOME: join(folder, '.ansible'),
    // Rooms have the same addresses: a connection kept for one must not be found by another.
    ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, '.ansible', 'cp'),
    ANSIBLE_TIMEOUT: '4',
    ANSIBLE_SSH_ARGS: `-F none -o UserKnownHostsFile=${sim.knownHostsPath} -o ControlMaster=auto -o ControlPersist=5s`,
  };
  const options = optionsOf(place, name, wish);
  const done = await sim.exec(['ansible-playbook', ...options], {
    env,
    cwd: folder,
    timeoutMs: 120_000,
  });
  const at = done.stdout.indexOf('{\n');
  const told = at < 0 ? undefined : (JSON.parse(done.stdout.slice(at)) as Told);
  const failures = Object.values(told?.stats ?? {}).some((host) => host['failures'] !== 0);
  return linesOf(wish, told, mappedExit(done, told !== undefined, failures), done);
}

/** Ansible's exit codes in Labkit's words (docs/cli.md): what was not even loaded is 3, a failure counts before a lost host. */
function mappedExit({ exitCode }: Ran, ran: boolean, failures: boolean): number {
  if (!ran && exitCode !== 0) return 3;
  return exitCode === 4 && failures ? 2 : exitCode;
}

/** One run of `lab play`, as lines. */
export async function runLab(
  place: Place,
  name: string,
  wish: Wish,
  program = labPath,
): Promise<Lines> {
  const { sim, folder } = place;
  const state = join(folder, '.lab');
  const options = ['--state', state, '--output', 'json', ...optionsOf(place, name, wish)];
  const env = { LANG: 'C.UTF-8', HOME: folder };
  const done = await sim.exec([program, 'play', ...options], {
    env,
    cwd: folder,
    timeoutMs: 120_000,
  });
  const told = done.stdout === '' ? undefined : (JSON.parse(done.stdout) as Told);
  return linesOf(wish, told, done.exitCode, done);
}

/** The shape of Ansible's json callback. */
interface Told {
  readonly plays?: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: { readonly [host: string]: Vars };
    }[];
  }[];
  readonly stats?: { readonly [host: string]: { readonly [count: string]: number } };
}

function linesOf(wish: Wish, told: Told | undefined, exitCode: number, ran: Ran): Lines {
  const rows = (told?.plays ?? []).flatMap(({ tasks }) =>
    tasks.flatMap(({ task, hosts }) =>
      Object.entries(hosts)
        .filter(([, result]) => !/(?:include_(?:tasks|role)|meta)$/.test(String(result['action'])))
        .map(([host, result]) => `${task.name} | ${host} | ${outcomeOf(result)}`)
        .sort(),
    ),
  );
  const recap = Object.entries(told?.stats ?? {})
    .sort()
    .map(([host, counts]) => {
      const words = ['ok', 'changed', 'unreachable', 'failures', 'skipped', 'rescued', 'ignored'];
      return `recap: ${host} ${words.map((word) => `${word}=${counts[word] ?? 0}`).join(' ')}`;
    });
  const said = told === undefined ? [`said: ${ran.stdout}${ran.stderr}`] : [];
  return [...(wish.anyOrder === true ? rows.sort() : rows), ...recap, `exit: ${exitCode}`, ...said];
}

/** What `debug` shows is a playbook's own choice of values to compare. */
function outcomeOf(result: Vars): string {
  const words = ['unreachable', 'failed', 'skipped', 'changed'].filter(
    (word) => result[word] === true,
  );
  const status = words.length === 0 ? 'ok' : words.join('+');
  if (!/(?:^|\.)(?:debug|assert|fail)$/.test(String(result['action']))) return status;
  // How a program words its own trouble is no value of the playbook's.
  if (String(result['msg']).includes('The error was:')) return status;
  return `${status} ${JSON.stringify(shown(result))}`;
}

function shown(value: Value): Value {
  if (Array.isArray(value)) return value.map(shown);
  if (!isMapping(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, item]) =>
      !/^(?:_ansible_.*|action|invocation|changed|ansible_loop_var|warnings)$/.test(key) &&
      !(key === 'failed' && item === false),
  );
  return Object.fromEntries(kept.sort().map(([key, item]) => [key, shown(item)]));
}

function fetched(folder: string): Lines {
  const out = join(folder, 'out');
  if (!existsSync(out)) return [];
  const entries = readdirSync(out, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => `out: ${path} ${JSON.stringify(readFileSync(path, 'utf8'))}`);
}

const isNoWord = (line: string) => !line.startsWith('said: ');

/** Both sides without the differences that are meant; throws for one that is not there any more. */
export function withoutMeant(
  sides: { ansible: Lines; lab: Lines },
  meant: readonly Meant[],
): { ansible: Lines; lab: Lines } {
  const take = (side: 'ansible' | 'lab') => {
    const starts = meant.flatMap((each) => each[side] ?? []);
    for (const start of starts)
      if (!sides[side].some((line) => line.startsWith(start)))
        throw new Error(`no line of ${side} begins with: ${start}\n${sides[side].join('\n')}`);
    return sides[side].filter((line) => !starts.some((start) => line.startsWith(start)));
  };
  // Where neither ran anything, each says so in its own words; where one did, its words show why the other did not.
  const isBoth = [sides.ansible, sides.lab].every((side) => side.includes('exit: 3'));
  if (isBoth)
    return { ansible: take('ansible').filter(isNoWord), lab: take('lab').filter(isNoWord) };
  return { ansible: take('ansible'), lab: take('lab') };
}
