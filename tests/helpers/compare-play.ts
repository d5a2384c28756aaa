import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PlayStats, RunEventBody } from '../../src/model/event.ts';
import { isMapping, type Value, type Vars } from '../../src/model/value.ts';
import { type PlaySetting, type Project, playProject, rowsOf, writeProject } from './play-rig.ts';

/** What a run of a playbook came to, in a form in which Ansible's and ours can be laid side by side. */
export interface PlayRecord {
  readonly exitCode: number;
  /** `TASK | HOST | STATUS RESULT`, in order of tasks, hosts sorted within. */
  readonly rows: readonly string[];
  readonly stats: { readonly [host: string]: PlayStats };
  /** Files below `out/` of the project, with their content. */
  readonly files: { readonly [path: string]: string };
}

/** Options of one comparison. */
export interface Comparing {
  readonly setting?: PlaySetting;
  /** The same settings for ansible-playbook, such as `--check`. */
  readonly flags?: readonly string[];
}

/** Runs a project by ansible-playbook and by our interpreter, each in a folder of its own. */
export async function comparePlay(
  project: Project,
  { setting = {}, flags = [] }: Comparing = {},
): Promise<{ ansible: PlayRecord; lab: PlayRecord }> {
  const ansible = await withFolder(project, (folder) => runAnsible(folder, flags));
  const lab = await withFolder(project, async (folder) => {
    const { totals, events } = await playProject(folder, setting);
    if (totals.bugs.length > 0) throw totals.bugs[0];
    const record = {
      exitCode: totals.exitCode,
      rows: rowsOfEvents(events),
      stats: totals.stats as PlayRecord['stats'],
      files: filesBelow(join(folder, 'out')),
    };
    return without(record, folder);
  });
  return { ansible, lab };
}

async function withFolder<T>(project: Project, work: (folder: string) => Promise<T>): Promise<T> {
  const { folder, remove } = writeProject({ 'out/.keep': '', ...project });
  try {
    return await work(folder);
  } finally {
    remove();
  }
}

async function runAnsible(folder: string, flags: readonly string[]): Promise<PlayRecord> {
  const { exitCode, stdout, stderr } = await run(folder, [
    '-i',
    'inventory.yaml',
    'site.yaml',
    ...flags,
  ]);
  const at = stdout.indexOf('{\n');
  if (at < 0) throw new Error(`ansible-playbook said nothing of its run: ${stdout}${stderr}`);
  const told = JSON.parse(stdout.slice(at)) as AnsibleRun;
  const rows = told.plays.flatMap(({ tasks }) =>
    tasks.flatMap(({ task, hosts }) =>
      Object.entries(hosts)
        // a meta task that was passed by is a row of the task before it there, and none at all here
        .filter(([, result]) => !String(result['skip_reason']).includes('conditional evaluated to'))
        .map(([host, result]) => rowOf(task.name, host, result, String(result['action'])))
        .toSorted(),
    ),
  );
  return without(
    { exitCode, rows, stats: told.stats, files: filesBelow(join(folder, 'out')) },
    folder,
  );
}

interface AnsibleRun {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: { readonly [host: string]: Vars };
    }[];
  }[];
  readonly stats: PlayRecord['stats'];
}

function run(
  folder: string,
  args: readonly string[],
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    exitCode: number;
    stdout: string;
    stderr: string;
  }>();
  const env = {
    ...process.env,
    LANG: 'C.UTF-8',
    ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
    ANSIBLE_LOCALHOST_WARNING: 'False',
    ANSIBLE_DEPRECATION_WARNINGS: 'False',
    ANSIBLE_RETRY_FILES_ENABLED: 'False',
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_PIPELINING: '1',
    // Some of its lists come from sets, whose order Python draws anew for every process.
    PYTHONHASHSEED: '0',
    ANSIBLE_HOME: join(folder, '.ansible'),
  };
  const child = spawn('ansible-playbook', args, { cwd: folder, env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  child.on('error', reject);
  child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? -1, stdout, stderr }));
  return promise;
}

function rowsOfEvents(events: readonly RunEventBody[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'task.started'
      ? rowsOf(events, event.task)
          .map((row) => rowOf(event.name, row.host, row.result, event.action))
          .toSorted()
      : [],
  );
}

function rowOf(task: string, host: string, result: Vars, action: string): string {
  const name = task.slice(task.lastIndexOf('.') + 1);
  const isTold = controller.test(action) && result['unreachable'] !== true;
  const shown = isTold || result['skipped'] === true ? ` ${JSON.stringify(plain(result))}` : '';
  return `${name} | ${host} | ${statusOf(result)}${shown}`;
}

function statusOf(result: Vars): string {
  const words = ['unreachable', 'failed', 'skipped', 'changed'].filter(
    (word) => result[word] === true,
  );
  return words.length === 0 ? 'ok' : words.join('+');
}

// what differs from run to run, and what only Ansible's own machinery reads
const volatile =
  /^(?:_ansible_.*|action|invocation|start|end|delta|warnings|deprecations|exception|ansible_loop_var|ansible_index_var|message|stderr_lines|stdout_lines|module_stdout|module_stderr)$/;

// modules of the controller; what others answer is the matter of their own tests
const controller =
  /^(?:ansible\.builtin\.)?(?:debug|set_fact|fail|assert|add_host|group_by|include_vars|ping)$/;

// Ansible shows the place in the file as well, says some sentences twice, and makes texts of numbers that templates give
function sentences(text: string): string {
  const [said = ''] = text.split('\n\nThe error appears to be in');
  const once = said.replace(/(?<=: |^)(?<part>\S.+?)(?:\. \k<part>)+$/, '$<part>');
  return once === said ? said : sentences(once);
}

/** A result without what differs from run to run, keys sorted. */
function plain(value: Value): Value {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return sentences(value);
  if (!isMapping(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, item]) => !volatile.test(key) && !(key === 'failed' && item === false),
  );
  return Object.fromEntries(
    kept.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, plain(item)]),
  );
}

/** The same with the folder's name taken out. */
function without(record: PlayRecord, folder: string): PlayRecord {
  return JSON.parse(JSON.stringify(record).replaceAll(folder, '/project')) as PlayRecord;
}

function filesBelow(folder: string): { readonly [path: string]: string } {
  const names = readdirSync(folder, { recursive: true }).map(String).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
