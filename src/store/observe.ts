import { execFile } from 'node:child_process';
import { LabError } from '../model/lab-error.ts';

/** What a program on this machine printed about the network. */
export interface Observed {
  /** The command as a person would type it; names the source in reports. */
  readonly name: string;
  /** The import that reads it. */
  readonly format: 'ip-neigh' | 'arp-scan';
  readonly bytes: Uint8Array;
}

/** How a program is run: the environment it gets (its messages are asked for in English), and what ends it early. */
export interface ObserveOptions {
  readonly env: { readonly [name: string]: string | undefined };
  readonly signal?: AbortSignal;
}

/** The addresses this machine has talked with lately, as its kernel keeps them (ip-neighbour(8)); sends nothing. */
export function observeNeighbours(options: ObserveOptions): Promise<Observed> {
  return run('ip-neigh', 'ip', ['-j', 'neigh', 'show'], 'iproute2', options);
}

/** Asks every address of a subnet, or of the interface's own network, who has it (arp-scan(1)). Needs root. */
export function scanSegment(
  where: { readonly subnet?: string | undefined; readonly interface?: string | undefined },
  options: ObserveOptions,
): Promise<Observed> {
  const card = where.interface === undefined ? [] : [`--interface=${where.interface}`];
  const target = where.subnet ?? '--localnet';
  return run('arp-scan', 'arp-scan', [...card, '--retry=3', target], 'arp-scan', options);
}

const longestMs = 600_000;

function run(
  format: Observed['format'],
  program: string,
  args: readonly string[],
  debianPackage: string,
  { env: own, signal }: ObserveOptions,
): Promise<Observed> {
  const name = [program, ...args].join(' ');
  const env = { ...own, LC_ALL: 'C', PATH: `${own['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const options = {
    ...({ env, encoding: 'buffer', maxBuffer: 64 * 1024 * 1024, timeout: longestMs } as const),
    ...(signal ? { signal } : {}),
  };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ name, format, bytes: stdout });
      else reject(explain(error, name, debianPackage, stderr.toString('utf8').trim()));
    });
  });
}

function explain(
  error: Error & { code?: unknown },
  name: string,
  debianPackage: string,
  said: string,
): Error {
  if (error.name === 'AbortError') return error;
  const [program = ''] = name.split(' ');
  if (error.code === 'ENOENT')
    return new LabError(
      'environment',
      `${program} is not installed here`,
      `apt-get install ${debianPackage}, or read a saved table with --from`,
    );
  const [line = ''] = said.split('\n');
  const hint = /permission|root|CAP_NET_RAW/i.test(said) ? 'run it as root' : '';
  return new LabError('environment', `\`${name}\` failed: ${line || String(error.code)}`, hint, {
    cause: error,
  });
}
