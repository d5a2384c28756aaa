import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { searchPath } from '../../sim/missing.ts';
import { openDatabase } from '../../src/store/database.ts';
import { labPath } from '../helpers/lab.ts';
import { treeOfPc } from '../helpers/pc-tree.ts';
import { describeOnPcs, type Finished, openSim, type Sim } from '../helpers/sim.ts';

/** Each line a command left must be there once: they are what may not be done twice. */
const playbook = `- hosts: lab_a
  gather_facts: false
  vars: {colour: green}
  tasks:
    - file: {path: /srv/site, state: directory, mode: '0750'}
    - template: {src: page.j2, dest: /srv/site/page, mode: '0640'}
      notify: page
    - command: sh -c 'echo first >>/srv/site/count'
    - user: {name: guest, uid: 4711, create_home: false}
    - copy: {content: "{{ item }}\\n", dest: "/srv/site/copy-{{ item }}"}
      loop: [one, two, three]
      notify: copies
    - command: sh -c 'echo loop-{{ item }} >>/srv/site/count'
      loop: [one, two]
    - lineinfile: {path: /etc/profile, line: "# labkit {{ colour }}"}
      register: profile
    - copy: {content: "told\\n", dest: /srv/site/told}
      when: profile is changed
    - apt: {name: labkit-chalk}
    - block:
        - command: sh -c 'grep -qx block /srv/site/count || echo block >>/srv/site/count; exit 3'
      rescue:
        - command: sh -c 'echo rescue >>/srv/site/count'
      always:
        - copy: {content: "always\\n", dest: /srv/site/always}
  handlers:
    - name: page
      command: sh -c 'echo handler-page >>/srv/site/count'
    - name: copies
      command: sh -c 'echo handler-copies >>/srv/site/count'
`;
const counted = [
  'first',
  'loop-one',
  'loop-two',
  'block',
  'rescue',
  'handler-page',
  'handler-copies',
];

const rounds = 200;
const killsOfRun = 5;
const pcs = 6;

interface Place {
  readonly sim: Sim;
  readonly folder: string;
}

async function onRoom<T>(work: (place: Place) => Promise<T>): Promise<T> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'lab-resume-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'site.yml'), playbook);
  writeFileSync(join(folder, 'page.j2'), '{{ colour }} of {{ inventory_hostname }}\n');
  const sim = await openSim({ rooms: [{ name: 'a', pcs }] });
  stack.defer(() => sim.close());
  return await work({ sim, folder });
}

const logOf = ({ folder }: Place) => join(folder, 'events.log');
const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Starts the program in the room's network; its process is the child itself. */
function start({ sim, folder }: Place, args: readonly string[]): ChildProcess {
  const inventory = args[0] === 'play' ? ['-i', sim.inventoryPath] : [];
  const words = [labPath, ...args, '--log-file', join(folder, 'events.log'), ...inventory];
  const state = ['--state', join(folder, 'state')];
  const enter = [`--net=/proc/${sim.supervisorPid}/ns/net`, '--'];
  return spawn('nsenter', [...enter, ...words, ...state], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: searchPath, HOME: folder, LANG: 'C.UTF-8' },
    cwd: folder,
  });
}

function endOf(child: ChildProcess): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    stdout += bytes.toString();
  });
  child.stderr?.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      // A killed controller may leave ssh at its pipes for a moment.
      setTimeout(() => resolve({ exitCode: code ?? 137, stdout, stderr }), code === null ? 0 : 50);
    });
  });
}

/** Runs the program and kills it once its log has grown by so many bytes; true when it was killed. */
async function runAndKill(place: Place, args: readonly string[], bytes: number): Promise<boolean> {
  rmSync(logOf(place), { force: true });
  const child = start(place, args);
  const end = endOf(child);
  const watch = setInterval(() => {
    if (sizeOf(logOf(place)) < bytes) return;
    clearInterval(watch);
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 15);
  }, 2);
  const { exitCode } = await end;
  clearInterval(watch);
  return exitCode === 137;
}

/** What runs on the PCs besides their first processes and SSH servers, by command line. */
function processesOf(sim: Sim): string[] {
  const worlds = new Set(
    sim.pcs.map(({ name }) => readlinkSync(`/proc/${sim.pidOf(name)}/ns/pid`)),
  );
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      if (!worlds.has(readlinkSync(`/proc/${pid}/ns/pid`))) return [];
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
      return line === '' || ownProcesses.test(line) ? [] : [line];
    } catch {
      // it ended meanwhile
      return [];
    }
  });
}

const ownProcesses = /first-process|^sleep infinity$|\[listener\]/;

/** Waits until nothing is left on the PCs of a controller that was killed. */
async function allGone(sim: Sim): Promise<void> {
  for (let waited = 0; waited < 60_000 && processesOf(sim).length > 0; waited += 100)
    await sleep(100);
  expect(processesOf(sim)).toEqual([]);
}

/** What commands left on a PC, line by line. */
function linesOf(sim: Sim, host: string): string[] {
  const path = `/proc/${sim.supervisorPid}/root${sim.folder}/ram/${host}/upper/srv/site/count`;
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

interface Row {
  readonly failed?: boolean;
  readonly msg?: string;
  readonly item?: string;
  readonly results?: readonly Row[];
}
interface Told {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly path: string };
      readonly hosts: { readonly [host: string]: Row };
    }[];
  }[];
}

/** The line that the command of a task leaves, by the task's line in the playbook. */
function lineLeftBy(task: number, item: string): string {
  const written = playbook.split('\n').slice(task - 1);
  const line = /echo ([^>]*?) >>/.exec(written.join('\n'))?.[1] ?? '';
  return line.replace('{{ item }}', item);
}

/** What a technician who looked at the PCs says of commands of which nobody knows the end. */
function answersTo(sim: Sim, doubts: ReadonlyMap<string, string>): string[] {
  return [...doubts].map(([host, line]) => {
    const times = linesOf(sim, host).filter((one) => one === line).length;
    expect(times, `${host}: ${line}`).toBeLessThanOrEqual(1);
    // the one that always fails is tried again: what follows its failure must follow
    return `${host}=${times === 0 || line === 'block' ? 'redo' : 'skip'}`;
  });
}

/** The same as `doubtsOf`, read from the journal that a killed run left: it told nobody. */
function doubtsKept({ folder }: Place): Map<string, string> {
  const copy = join(folder, 'copy');
  // a look at the database itself would bring it in order before the next run does
  cpSync(join(folder, 'state'), copy, { recursive: true });
  const database = openDatabase(copy);
  const rows = database.all('SELECT call FROM play_calls WHERE result IS NULL');
  database.close();
  rmSync(copy, { recursive: true });
  const calls = rows.map(({ call }) => JSON.parse(String(call)));
  expect(new Set(calls.map(([, , , host]) => host)).size).toBe(calls.length);
  return new Map(
    calls.map(([, task, , host, item]) => [
      String(host),
      lineLeftBy(Number(String(task).split(':').at(-1)), ['one', 'two'][item] ?? ''),
    ]),
  );
}

const withAnswers = (answers: readonly string[]): string[] =>
  answers.length === 0 ? [] : ['--in-doubt', answers.join(',')];

/** Commands of which nobody knows the end, by host: the line each leaves. */
function doubtsOf(stdout: string): Map<string, string> {
  const { plays } = JSON.parse(stdout) as Told;
  const doubts = new Map<string, string>();
  for (const { task, hosts } of plays.flatMap(({ tasks }) => tasks))
    for (const [host, row] of Object.entries(hosts))
      for (const one of row.results ?? [row]) {
        if (one.failed !== true || !one.msg?.includes('nobody knows')) continue;
        doubts.set(host, lineLeftBy(Number(task.path.split(':').at(-1)), one.item ?? ''));
      }
  return doubts;
}

/** Resumes until nothing is in doubt: each doubt is answered by what the technician finds on the PC. Answers how many there were. */
async function resumeToTheEnd(place: Place): Promise<number> {
  const { sim } = place;
  let answers: string[] = [];
  let count = 0;
  for (;;) {
    const words = ['runs', 'resume', '-o', 'json', ...withAnswers(answers)];
    const { exitCode, stdout, stderr } = await endOf(start(place, words));
    if (stderr.includes('came to its end')) return count;
    expect([0, 2], stderr).toContain(exitCode);
    answers = answersTo(sim, doubtsOf(stdout));
    count += answers.length;
    if (answers.length === 0) {
      expect(exitCode, stdout).toBe(0);
      return count;
    }
  }
}

function expectEachLineOnce(sim: Sim): void {
  for (const { name } of sim.pcs)
    expect(linesOf(sim, name).sort(), name).toEqual(counted.toSorted());
}

/** Every room has a password of its own. */
const treesOf = (sim: Sim) =>
  sim.pcs.flatMap(({ name }) =>
    [...treeOfPc(sim, name)].map(([path, state]) =>
      `${name} ${path} ${state}`.replaceAll(/tech:\$6\$[^:]*:/g, 'tech:HASH:'),
    ),
  );

/** The sizes of log at which a run is killed: spread over the whole run, so that each kill meets new work. */
const killPoints = (bytes: number) =>
  Array.from({ length: killsOfRun }, () => 1 + Math.floor(Math.random() * bytes)).sort(
    (a, b) => a - b,
  );

describeOnPcs('a rollout whose controller is killed', () => {
  it(`ends, resumed after each of ${rounds} kills, in the files of an undisturbed run, and does no command twice`, {
    timeout: 1_800_000,
  }, async () => {
    const { trees, bytes } = await onRoom(async (place) => {
      const { exitCode, stdout, stderr } = await endOf(start(place, ['play', 'site.yml']));
      expect(exitCode, stdout + stderr).toBe(0);
      await allGone(place.sim);
      return { trees: treesOf(place.sim), bytes: sizeOf(logOf(place)) };
    });
    let kills = 0;
    let doubts = 0;
    const round = async (place: Place): Promise<void> => {
      for (const [index, point] of killPoints(bytes).entries()) {
        // the second time nobody answers, later what was found on the PCs
        const answers = index < 2 ? [] : answersTo(place.sim, doubtsKept(place));
        doubts += answers.length;
        const words =
          index === 0 ? ['play', 'site.yml'] : ['runs', 'resume', ...withAnswers(answers)];
        if (await runAndKill(place, words, point)) kills++;
        await allGone(place.sim);
      }
      doubts += await resumeToTheEnd(place);
      await allGone(place.sim);
      expectEachLineOnce(place.sim);
      const found = treesOf(place.sim);
      expect(found.filter((line) => !trees.includes(line))).toEqual([]);
      expect(trees.filter((line) => !found.includes(line))).toEqual([]);
    };
    const lane = async (): Promise<void> => {
      while (kills < rounds) await onRoom(round);
    };
    await Promise.all([lane(), lane()]);
    console.log(`${kills} kills, ${doubts} commands in doubt`);
    expect(kills).toBeGreaterThanOrEqual(rounds);
  });
});
