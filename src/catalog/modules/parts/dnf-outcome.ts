import type { Ran } from '../../../model/module.ts';

/** Whether dnf's output announces a transaction. */
export function isTransaction(stdout: string): boolean {
  return /^(Transaction Summary|Upgrade |Install )/m.test(stdout);
}

/** What dnf did, or with `--assumeno` would do, as `Installed: name-1.0-1.noarch`, the way Ansible lists `results`. */
export function dnfResults(stdout: string): string[] {
  const done = sections(stdout, /^(Installed|Upgraded|Downgraded|Removed|Reinstalled|Updated):$/);
  if (done.length > 0)
    return done.flatMap(({ title, lines }) =>
      lines
        .flatMap((line) => line.trim().split(/\s+/).filter(Boolean))
        .map((item) => `${title}: ${item}`),
    );
  const words: { readonly [title: string]: string } = {
    Installing: 'Installed',
    'Installing dependencies': 'Installed',
    'Installing weak dependencies': 'Installed',
    Upgrading: 'Upgraded',
    Downgrading: 'Downgraded',
    Removing: 'Removed',
    'Removing unused dependencies': 'Removed',
    'Removing dependent packages': 'Removed',
  };
  return sections(stdout, /^((?:Installing|Upgrading|Downgrading|Removing)[a-z ]*):$/).flatMap(
    ({ title, lines }) =>
      lines.flatMap((line) => {
        const [name, architecture, version] = line.trim().split(/\s+/);
        return name === undefined || version === undefined
          ? []
          : [
              `${words[title] ?? title}: ${name}-${version.replace(/^\d+:/, '')}.${architecture ?? ''}`,
            ];
      }),
  );
}

function sections(stdout: string, heading: RegExp): { title: string; lines: string[] }[] {
  const found: { title: string; lines: string[] }[] = [];
  let here: { title: string; lines: string[] } | undefined;
  for (const line of stdout.split('\n')) {
    const title = heading.exec(line)?.[1];
    if (title !== undefined) {
      here = { title, lines: [] };
      found.push(here);
    } else if (/^\s+\S/.test(line)) here?.lines.push(line);
    else here = undefined;
  }
  return found;
}

/** Why dnf failed, in a sentence. */
export function dnfFailure(ran: Ran): string {
  const text = `${ran.stderr}\n${ran.stdout}`;
  const unknown = [
    ...text.matchAll(/^(?:No match for argument: |No package )(\S+)(?: available\.?)?$/gm),
  ];
  if (unknown.length > 0)
    return `Failed to install some of the specified packages: No package ${unknown.map(([, name]) => name).join(', ')} available.`;
  const holder =
    /held by (?:another process|process with PID|PID) ?:? ?(\d+)|process with pid (\d+)/i.exec(
      text,
    );
  if (/lock|Waiting for process with pid/i.test(text) && holder !== null)
    return `dnf is locked: process ${holder[1] ?? holder[2] ?? ''} holds its lock`;
  const full = /^.*(?:more space needed|No space left on device).*$/m.exec(text)?.[0];
  if (full !== undefined) return `the disk is full: ${full.trim()}`;
  if (/superuser|needs to be run (?:as|with) root|under the root user/i.test(text))
    return `dnf needs root (become: true): ${lastLines(ran)}`;
  return `dnf failed: ${lastLines(ran)}`;
}

function lastLines(ran: Ran): string {
  const lines = (ran.stderr.trim() || ran.stdout.trim()).split('\n');
  const errors = lines.filter((line) => /^(Error|Failed|\s+-)/.test(line));
  return (
    (errors.length > 0 ? errors : lines.slice(-3)).join('\n') || `exit code ${String(ran.exitCode)}`
  );
}
