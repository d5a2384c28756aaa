import { randomBytes } from 'node:crypto';
import { type Command, quoteSh } from '../model/command.ts';
import type { ExecResult, PutOptions } from '../model/connection.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { openCollector } from './collect.ts';
import type { Launch, Launched } from './launch.ts';
import { abortTrouble } from './reach.ts';
import { runCommand } from './run-command.ts';

/** What file transfers are built on. */
export interface TransferBase {
  readonly host: Host;
  readonly begin: (wanted: Launch) => Promise<Launched>;
}

/** Finds where a file is to go: through symbolic links, never onto a folder. Leaves `dest` and `temp`. */
const placeScript = (path: string, nonce: string) => `
dest=${quoteSh(path)}
case $dest in -*) dest=./$dest;; esac
if [ -L "$dest" ]; then dest=$(readlink -f -- "$dest") || exit 91; fi
if [ -d "$dest" ]; then echo "$dest: is a directory" >&2; exit 91; fi
case $dest in */*) temp="\${dest%/*}/.lab-${nonce}";; *) temp=".lab-${nonce}";; esac
`;

/** Takes the file from standard input. A connection that breaks ends the input like a whole file does: so the size is compared before anything is moved. */
const receiveScript = `
mask=$(umask); umask 077; set -C
trap 'rm -f -- "$temp"; exit 92' HUP INT TERM PIPE
cat >"$temp" || { rm -f -- "$temp"; exit 92; }
`;

const settleScript = (mode: number | undefined, size: number) => `
found=$(wc -c <"$temp") || exit 93
if [ "$found" -ne ${size} ]; then rm -f -- "$temp"; echo "only $found of ${size} bytes arrived" >&2; exit 93; fi
${mode === undefined ? keepMode : `chmod ${mode.toString(8)} "$temp"`} && mv -f -- "$temp" "$dest" || { rm -f -- "$temp"; exit 94; }
`;

/** Without a mode: as the file it replaces, else as any new file. */
const keepMode = `if [ -e "$dest" ]; then
  chmod "$(stat -c %a -- "$dest")" "$temp" && { chown "$(stat -c %u:%g -- "$dest")" "$temp" 2>/dev/null || :; }
else chmod "$(printf %o $((0666 & ~0$mask)))" "$temp"; fi`;

/** Writes a whole file on the host: beside its place first, then moved into it with its mode. Throws LabError 'failed' with the host's own reason; the half-written file is removed then. */
export async function putFile(
  base: TransferBase,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  path: string,
  options: PutOptions,
): Promise<void> {
  const place = placeScript(path, randomBytes(8).toString('hex'));
  if (content instanceof Uint8Array) {
    const settle = settleScript(options.mode, content.length);
    return must(base, path, await send(base, [content], place + receiveScript + settle, options));
  }
  let size = 0;
  async function* counted(pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      size += piece.length;
      yield piece;
    }
  }
  // how long a stream is, is known at its end only: so it is proven and moved by a second command
  try {
    must(base, path, await send(base, counted(content), place + receiveScript, options));
    const settle = `mask=$(umask)${place}${settleScript(options.mode, size)}`;
    must(base, path, await send(base, [], settle, options));
  } catch (error) {
    await send(base, [], `${place}rm -f -- "$temp"`, become(options)).catch(() => undefined);
    throw error;
  }
}

function become({ becomeUser }: PutOptions): PutOptions {
  return becomeUser === undefined ? {} : { becomeUser };
}

/** Runs a script of ours that reads pieces from its standard input. */
async function send(
  base: TransferBase,
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  text: string,
  { becomeUser, signal }: PutOptions,
): Promise<ExecResult> {
  const command: Command = { shell: 'sh', script: text, shown: text };
  const launched = await base.begin({ command, becomeUser, hasInput: true });
  const options = signal === undefined ? {} : { signal };
  return runCommand(base.host.name, launched, { ...options, input, giveUp: () => {} });
}

function must({ host }: TransferBase, path: string, result: ExecResult): void {
  if (result.exitCode === 0) return;
  const why = lastLine(result.stderr) || `exit code ${result.exitCode}`;
  throw new LabError('failed', `${host.name}: ${path} was not written: ${why}`);
}

const readScript = (path: string) => `
file=${quoteSh(path)}
case $file in -*) file=./$file;; esac
if [ -e "$file" ] && [ ! -f "$file" ]; then echo "$file: is not a regular file" >&2; exit 91; fi
exec cat "$file"`;

/** Reads a whole file from the host, piece by piece as they are asked for. Throws LabError 'failed' at the end when the host could not read it all. */
export async function* getFile(
  base: TransferBase,
  path: string,
  { becomeUser, signal }: { becomeUser?: string; signal?: AbortSignal },
): AsyncIterable<Uint8Array> {
  const text = readScript(path);
  if (signal?.aborted) throw abortTrouble(base.host.name, signal);
  const command: Command = { shell: 'sh', script: text, shown: text };
  const launched = await base.begin({ command, becomeUser, hasInput: false });
  const { process } = launched;
  const complaints = openCollector(16_384);
  process.stderr.on('data', (bytes: Buffer) => complaints.push(launched.stderr(bytes)));
  void launched.ready.then(() => process.stdin.on('error', () => {}).end());
  signal?.addEventListener('abort', process.stop, { once: true });
  let whole = false;
  try {
    yield* process.stdout;
    whole = true;
  } finally {
    signal?.removeEventListener('abort', process.stop);
    if (!whole) process.stop();
  }
  if (signal?.aborted) throw abortTrouble(base.host.name, signal);
  const { exitCode } = await process.ended;
  launched.check();
  if (exitCode === 0) return;
  const why = lastLine(complaints.bytes()) || `exit code ${exitCode}`;
  throw new LabError('failed', `${base.host.name}: ${path} was not read: ${why}`);
}

function lastLine(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8').trim().split('\n').at(-1)?.trim() ?? '';
}
