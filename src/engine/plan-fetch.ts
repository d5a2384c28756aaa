import { type Command, type Script, sh } from '../model/command.ts';
import type { Connection, ExecOptions } from '../model/connection.ts';
import { LabError } from '../model/lab-error.ts';
import type { Plan, StepContext, StepResult } from '../model/plan.ts';
import { type ActingOptions, becomeOf } from './plan-command.ts';
import { speaksSh } from './plan-copy.ts';

/** The local folder that fetched files go to: LOCALDIR/<host>/<path>, as Ansible's fetch does. */
export interface FetchFolder {
  /** What was fetched from this place before. */
  find(host: string, remotePath: string): Promise<{ path: string; sha256: string } | undefined>;
  /** Writes a file whole. */
  save(
    host: string,
    remotePath: string,
    content: AsyncIterable<Uint8Array>,
  ): Promise<{ path: string; bytes: number; sha256: string }>;
}

/** What `lab fetch` asks for. */
export interface FetchOptions extends Omit<ActingOptions, 'holder' | 'waves'> {
  readonly remotePath: string;
  readonly folder: FetchFolder;
  /** A larger file is refused; default 1 GiB. */
  readonly maxBytes?: number;
}

const gibibyte = 1024 ** 3;

/** Plans the fetching of one file from every host; reading needs no lock. */
export function planFetch(options: FetchOptions): Plan {
  const { hosts, forks, deadlineMs, remotePath } = options;
  if (remotePath === '' || remotePath.startsWith('~') || /[\0\n\r]/.test(remotePath))
    throw new LabError('usage', `"${remotePath}" is no path on a host`, 'write an absolute path');
  const title = `fetch ${remotePath}`;
  const steps = [
    { id: 'fetch', title, run: (context: StepContext) => fetchFrom(context, options) },
  ];
  const limit = deadlineMs === undefined ? {} : { deadlineMs };
  return { title, hosts, forks, acts: false, steps, ...limit };
}

async function fetchFrom(context: StepContext, options: FetchOptions): Promise<StepResult> {
  const { remotePath, folder, maxBytes = gibibyte } = options;
  const { host, signal } = context;
  const connection = await context.connection();
  const exec = { signal, ...becomeOf(host, options.becomeUser) };
  const there = speaksSh(host) ? await look(connection, remotePath, exec) : undefined;
  if (there && there.size > maxBytes) throw tooLarge(maxBytes);
  const known = await folder.find(host.name, remotePath);
  if (known && known.sha256 === there?.sha256)
    return renderFetched('ok', { ...known, bytes: there.size }, true);
  const pieces = limitPieces(connection.get(remotePath, exec), maxBytes);
  const saved = await folder.save(host.name, remotePath, pieces);
  return renderFetched('changed', saved, there !== undefined && there.sha256 === saved.sha256);
}

function renderFetched(
  outcome: 'ok' | 'changed',
  file: { readonly path: string; readonly bytes: number; readonly sha256: string },
  verified: boolean,
): StepResult {
  const { path, bytes, sha256 } = file;
  const changes = outcome === 'ok' ? [] : [{ summary: `write ${path} (${bytes} bytes)` }];
  return { outcome, changes, data: { path, bytes, sha256, verified } };
}

async function* limitPieces(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield piece;
  }
}

function tooLarge(maxBytes: number): LabError {
  return new LabError(
    'failed',
    `the file is larger than ${maxBytes} bytes, the most that is fetched`,
  );
}

async function look(
  connection: Connection,
  path: string,
  options: ExecOptions,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const { stdout } = await connection.exec(lookCommand(path), {
    ...options,
    maxOutputBytes: 4_096,
  });
  const [kind = '', size = '', sha256 = ''] = Buffer.from(stdout).toString().trim().split(' ');
  if (kind === 'file' && /^\d+$/.test(size)) return { size: Number(size), sha256 };
  const trouble = troubles.get(kind) ?? 'cannot be read';
  throw new LabError('failed', `${path} ${trouble}`);
}

const troubles = new Map([
  ['missing', 'is not there'],
  ['folder', 'is a folder; only single files are fetched'],
  ['special', 'is not a regular file'],
  ['denied', 'cannot be read: no permission'],
]);

const looking: Script = {
  script: `
if [ -d "$labkit_path" ]; then echo folder
elif [ ! -e "$labkit_path" ]; then echo missing
elif [ ! -f "$labkit_path" ]; then echo special
elif [ ! -r "$labkit_path" ]; then echo denied
else sum=$(sha256sum <"$labkit_path" 2>/dev/null); echo file $(wc -c <"$labkit_path") "\${sum%% *}"; fi`,
};

function lookCommand(path: string): Command {
  return sh`LC_ALL=C; export LC_ALL; labkit_path=${path.startsWith('-') ? `./${path}` : path}${looking}`;
}
