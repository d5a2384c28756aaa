/** Describes the machine and the programs that were measured. */
import { arch, cpus, getPriority, release, totalmem } from 'node:os';
import { firstLineOf } from './measure.ts';

/** What a reader needs to know to compare figures. */
export interface Machine {
  readonly date: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  /** Of the benchmark and its simulated PCs; below zero they go before other work (nice(1)). */
  readonly niceness: number;
  readonly kernel: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Asks the system and each program; a program that cannot be run has the version ''. */
export async function describeMachine(labPath: string, nodePath: string): Promise<Machine> {
  const asked: readonly (readonly [string, readonly string[]])[] = [
    ['lab', [labPath, '--version']],
    ['node', [nodePath, '--version']],
    ['ssh', ['ssh', '-V']],
    ['clush', ['clush', '--version']],
    ['parallel-ssh', ['parallel-ssh', '--version']],
    ['ansible', ['ansible', '--version']],
  ];
  const versions = await Promise.all(
    asked.map(async ([name, argv]) => [name, await firstLineOf(argv)] as const),
  );
  return {
    date: new Date().toISOString(),
    cores: cpus().length,
    processor: cpus()[0]?.model ?? '',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    niceness: getPriority(),
    kernel: `${release()} ${arch()}`,
    versions: Object.fromEntries(versions),
  };
}

/** The machine as two lines of text. */
export function renderMachine({
  date,
  cores,
  processor,
  memoryGiB,
  niceness,
  kernel,
  versions,
}: Machine): string {
  const found = Object.entries(versions).map(
    ([name, version]) => `${name} ${version || 'MISSING'}`,
  );
  return `${date}  ${cores} cores (${processor}), ${memoryGiB} GiB, Linux ${kernel}, niceness ${niceness}\n${found.join('; ')}\n`;
}
