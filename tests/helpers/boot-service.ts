import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { VmLab } from '../../sim/vm/open-vm-lab.ts';

/** A project on the controller of a laboratory. */
export interface LabProject {
  readonly folder: string;
  /** The words that run `lab` there. */
  command(args: readonly string[]): string[];
  /** Runs `lab` there to its end and hands back what it printed, both streams. */
  lab(args: readonly string[]): Promise<string>;
  /** The same with its exit code. */
  ends(args: readonly string[]): Promise<{ readonly exitCode: number; readonly printed: string }>;
  /** Starts `lab netboot serve` and waits until it is ready; rejects with what it said when it ends before. */
  serve(args?: readonly string[]): Promise<RunningService>;
}

/** A boot service of a test. */
export interface RunningService {
  readonly child: ChildProcess;
  /** All it said. */
  said(): string;
  /** Ends it as systemd would; resolves with its exit code. */
  stop(): Promise<number | null>;
}

const program = join(import.meta.dirname, '..', '..', 'src', 'cli', 'bin.ts');

/** Writes an inventory and takes hold of the controller. */
export function openLabProject(lab: VmLab, inventory: string): LabProject {
  const folder = join(lab.segment.folder, 'project');
  mkdirSync(join(folder, 'inventories'), { recursive: true });
  writeFileSync(join(folder, 'inventories', 'school.yaml'), inventory);
  mkdirSync(join(folder, '.ssh'), { mode: 0o700 });
  writeFileSync(join(folder, '.ssh', 'id_ed25519.pub'), 'ssh-ed25519 AAAAC3Nza technician\n');
  const state = join(folder, '.lab');
  const command = (args: readonly string[]) => [
    // Host keys of machines that come and go do not belong to the person who runs the tests.
    ...['env', '-C', folder, `HOME=${folder}`, 'LANG=C.UTF-8', process.execPath, program],
    ...['-i', 'inventories', '--state', state, ...args],
  ];
  return {
    folder,
    command,
    lab: (args) => lab.segment.run(lab.controller, command(args)),
    async ends(args) {
      const child = lab.segment.start(lab.controller, command(args));
      let printed = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (data) => {
          printed += String(data);
        });
      const exitCode = await new Promise<number>((resolve) =>
        child.once('close', (code) => resolve(code ?? 1)),
      );
      return { exitCode, printed };
    },
    async serve(args = []) {
      const child = lab.segment.start(lab.controller, command(['netboot', 'serve', ...args]));
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (data) => {
          said += String(data);
        });
      const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
      while (!/^ready: /m.test(said)) {
        if (child.exitCode !== null) throw new Error(`it ended: ${said}`);
        await wait(50);
      }
      return {
        child,
        said: () => said,
        stop: () => {
          child.kill('SIGTERM');
          return closed;
        },
      };
    },
  };
}

/** Polls until something holds; throws when it does not in time. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 30_000,
): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; await wait(100)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`${what} did not come about in ${timeoutMs} ms`);
  }
}
