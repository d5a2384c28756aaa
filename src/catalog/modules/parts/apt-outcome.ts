import type { Diff, Ran } from '../../../model/module.ts';
import { makeVars, type Vars } from '../../../model/value.ts';

/** Whether apt-get's summary says that packages were, or in a simulation would be, altered (apt-get(8)). */
export function isAltered(stdout: string): boolean {
  return (
    !/^0 upgraded, 0 newly installed, 0 to remove/m.test(stdout) ||
    /^[1-9]\d* not fully installed or removed\./m.test(stdout)
  );
}

/** What apt-get announced, as Ansible shows it with `--diff`: from the first list to the summary. */
export function aptDiff(stdout: string): readonly Diff[] {
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => /^(The following|\d+ upgraded|Calculating)/.test(line));
  const last = lines.findIndex((line) => /^\d+ upgraded, /.test(line));
  return first === -1 ? [] : [{ prepared: lines.slice(first, last + 1).join('\n') }];
}

const headings: readonly (readonly [RegExp, string])[] = [
  [/^The following NEW packages will be installed:/, 'installed'],
  [/^The following packages will be upgraded:/, 'upgraded'],
  [/^The following packages will be DOWNGRADED:/, 'downgraded'],
  [/^The following packages will be REMOVED:/, 'removed'],
];

/** What apt-get announced as sentences, such as `installed vim`; with the version where it was unpacked. */
export function aptChanges(stdout: string): string[] {
  const versions = new Map(
    [...stdout.matchAll(/^Unpacking (\S+?)(?::\S+)? \(([^)]+)\)/gm)].map(
      ([, name = '', version = '']) => [name, version],
    ),
  );
  const changes: string[] = [];
  let word: string | undefined;
  for (const line of stdout.split('\n')) {
    if (!line.startsWith('  ')) word = headings.find(([pattern]) => pattern.test(line))?.[1];
    else if (word !== undefined)
      for (const name of line.trim().split(/\s+/)) {
        const bare = name.replace(/\*$/, '');
        const version = versions.get(bare.replace(/:.*/, ''));
        changes.push(`${word} ${bare}${version === undefined ? '' : ` ${version}`}`);
      }
  }
  return changes;
}

/** stdout, stderr and their lines, as Ansible's modules return them. */
export function outputOf(ran: Ran): Vars {
  return makeVars([
    ['stdout', ran.stdout],
    ['stdout_lines', linesOf(ran.stdout)],
    ['stderr', ran.stderr],
    ['stderr_lines', linesOf(ran.stderr)],
  ]);
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Why apt-get or dpkg failed, as a sentence that says what to do where that is known; else what it printed. */
export function aptFailure(shown: string, ran: Ran, waitedSeconds: number): string {
  const text = `${ran.stderr}\n${ran.stdout}`;
  const missing = /^E: (?:Unable to locate package|Package '?)(?: ?)([^\s']+)/m.exec(ran.stderr);
  const locked = /Could not get lock ([^\s.]+(?:\.[^\s.]+)*)|Unable to lock/.exec(text);
  if (locked !== null) {
    const holder = /held by process (\d+ ?\([^)]*\)|\d+)/g;
    const held = [...text.matchAll(holder)].map(([, who = '']) => who).find((who) => who !== '0');
    return `apt is locked: ${locked[1] ?? 'its lock'} is held by ${held === undefined ? 'another process' : `process ${held}`}; waited ${String(waitedSeconds)} s`;
  }
  if (/dpkg was interrupted/.test(text))
    return 'dpkg was interrupted on this host: run "dpkg --configure -a" there first';
  const full = /^.*(?:No space left on device|enough free space).*$/m.exec(text)?.[0];
  if (full !== undefined) return `the disk is full: ${full.trim()}`;
  if (/are you root\?|Permission denied/.test(text))
    return `${shown} needs root (become: true): ${errorsOf(ran)}`;
  if (missing !== null && /Unable to locate|no installation candidate/.test(missing.input))
    return `No package matching '${missing[1] ?? ''}' is available`;
  return `'${shown}' failed: ${errorsOf(ran)}`;
}

/** The lines that say what went wrong, without the warnings around them. */
function errorsOf(ran: Ran): string {
  const errors = ran.stderr.split('\n').filter((line) => /^(E:|dpkg: error|Err)/.test(line.trim()));
  return (
    (errors.length > 0 ? [...new Set(errors)].join('\n') : ran.stderr.trim()) ||
    ran.stdout.trim().split('\n').slice(-3).join('\n') ||
    `exit code ${String(ran.exitCode)}`
  );
}
