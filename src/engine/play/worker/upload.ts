import { createHash } from 'node:crypto';
import { type Command, quoteSh } from '../../../model/command.ts';
import type { Connection } from '../../../model/connection.ts';
import { type Environment, renderPath } from '../../../model/host-path.ts';
import type { Ran, UploadAction } from '../../../model/module.ts';
import { decodeOutput } from './host-words.ts';

/** Files up to this size travel inside the script of the turn. */
const inlineBytes = 64 * 1024;

/** Whether an upload is better sent by a stream of its own. */
export function wantsStream({ content }: UploadAction): boolean {
  if ('source' in content)
    return content.source.size > inlineBytes || content.source.content?.includes(0) !== false;
  return (
    content.bytes.length > inlineBytes || (content.bytes.length > 4096 && content.bytes.includes(0))
  );
}

/** Takes a file from standard input into a new file nobody else can read. A connection that breaks ends the input like a whole file does: so size and digest are compared before anything uses it. */
const receive = (settings: {
  readonly beside: string;
  readonly name: string;
  readonly size: number;
  readonly sha1: string;
}) => `umask 077; set -C
near=${settings.beside}
if [ -n "$near" ]; then file=\${near%/*}/.labkit-${settings.name}
else for folder in /tmp /var/tmp "$HOME"; do
if [ -d "$folder" ] && [ -w "$folder" ]; then file=$folder/.labkit-${settings.name}; break; fi
done; fi
if [ -z "$file" ]; then echo 'no folder for temporary files can be written' >&2; exit 1; fi
trap 'rm -f "$file"; exit 92' HUP INT TERM PIPE
fail() { rm -f "$file"; printf '%s\\n' "$1" >&2; exit 1; }
why=$(cat 2>&1 >"$file") || fail "\${why:-$file was not written}"
found=$(wc -c <"$file"); [ "$found" -eq ${settings.size} ] || fail "only $found of ${settings.size} bytes arrived"
if command -v sha1sum >/dev/null 2>&1; then
case $(sha1sum <"$file") in ${settings.sha1}*) ;; *) fail 'what arrived is not what was sent (sha1 differs)' ;; esac
fi
printf '%s' "$file"
`;

/** Streams the bytes of an upload into a temporary file of the host; answers its path there, or how it failed. */
export async function streamUpload(
  connection: Connection,
  action: UploadAction,
  how: {
    readonly becomeUser: string | undefined;
    readonly environment: Environment;
    readonly name: string;
    readonly signal?: AbortSignal;
    openSource(path: string): AsyncIterable<Uint8Array>;
  },
): Promise<{ readonly path: string; readonly ran: Ran }> {
  const { content, beside } = action;
  const isGiven = 'bytes' in content;
  const script = receive({
    beside: beside === undefined ? "''" : renderPath(beside, how.environment),
    name: quoteSh(how.name),
    size: isGiven ? content.bytes.length : content.source.size,
    sha1: isGiven
      ? createHash('sha1').update(content.bytes).digest('hex')
      : quoteSh(content.source.sha1),
  });
  const command: Command = { shell: 'sh', script, shown: script };
  const result = await connection.exec(command, {
    stdin: isGiven ? content.bytes : how.openSource(content.source.path),
    ...(how.becomeUser !== undefined && { becomeUser: how.becomeUser }),
    ...(how.signal && { signal: how.signal }),
  });
  const path = decodeOutput(result.stdout);
  const exitCode = result.exitCode ?? 128;
  const ran: Ran = {
    exitCode,
    stdout: '',
    stderr: decodeOutput(result.stderr),
    stdoutBytes: new Uint8Array(),
    startedAt: 0,
    endedAt: 0,
  };
  return { path: exitCode === 0 ? path : '', ran };
}
