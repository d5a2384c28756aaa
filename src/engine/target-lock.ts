import { type Command, quoteSh } from '../model/command.ts';
import { LabError } from '../model/lab-error.ts';
import type { Value } from '../model/value.ts';

/** Who holds a host while the command runs, as a second controller is told; `nonce` is random, so that no output of the host can be mistaken for our own lines. */
export interface TargetHolder {
  readonly who: string;
  /** ISO 8601, the controller's clock. */
  readonly since: string;
  readonly run: string;
  readonly nonce: string;
}

/** Whether the host's own lock was held during the command; 'none' with the reason why not. */
export interface TargetLock {
  readonly lock: 'held' | 'none';
  readonly why: string;
}

/** Wraps a command for a POSIX shell so that it runs under a lock on the host itself, in the same round trip; other shells' commands come back as they are.
 *
 * The lock is flock(1) on a file of the login that acts, which nobody else may open: a pupil who is logged in on the PC cannot hold it to keep the
 * technicians out, and neither can they be told apart by login (docs/decisions/0004). The wrapping shell holds it, so it ends with that shell however it
 * ends; a run that knows a machine by several names holds it once. The command itself never inherits it, so a daemon it starts does not keep it. Who holds it stands in a second file, made with O_EXCL. */
export function lockOnTarget(command: Command, holder: TargetHolder): Command {
  if (command.shell !== 'sh') return command;
  const { who, since, run, nonce } = holder;
  const note = quoteSh(`${oneLine(who)}\t${oneLine(since)}\t${oneLine(run)}`);
  const script = lockScript
    .replaceAll('MARK', () => markOf(nonce))
    .replace('NOTE', () => note)
    .replace('OWNRUN', () => quoteSh(oneLine(run)))
    .replace('BODY', () => quoteSh(command.script));
  // A command without secrets stays one: only those may travel where other users of the host can see them.
  return { ...command, script, shown: command.shown === command.script ? script : command.shown };
}

const lockScript = `labkit_body=BODY
labkit_dir=/tmp; if [ -d /run/lock ] && [ -k /run/lock ]; then labkit_dir=/run/lock; fi
labkit_lock=$labkit_dir/labkit-\${LOGNAME:-user}.lock
labkit_free() { printf '%s\\n' "MARK none $1" >&2; set --; eval "$labkit_body"; }
if ! command -v flock >/dev/null 2>&1; then labkit_free 'flock is missing on the host'; exit; fi
if [ ! -e "$labkit_lock" ]; then (umask 077; set -C; : >"$labkit_lock") 2>/dev/null; fi
if [ -L "$labkit_lock" ] || [ ! -f "$labkit_lock" ] || [ ! -O "$labkit_lock" ]; then labkit_free "$labkit_lock cannot be used"; exit; fi
{
  if flock -n 9; then
    for labkit_note in "$labkit_lock".*; do if [ -e "$labkit_note" ]; then rm -f "$labkit_lock".* 2>/dev/null; break; fi; done
    (umask 077; set -C; printf '%s\\n' NOTE >"$labkit_lock.$$") 2>/dev/null
    (eval "$labkit_body") 9<&-
    labkit_code=$?
    rm -f "$labkit_lock.$$"
    exit "$labkit_code"
  fi
  sleep 0.2 2>/dev/null || sleep 1
  labkit_note=$(ls -t "$labkit_lock".* 2>/dev/null | head -n 1)
  labkit_said=
  if [ -f "$labkit_note" ] && [ ! -L "$labkit_note" ]; then labkit_said=$(head -c 300 "$labkit_note" | head -n 1); fi
  if [ "\${labkit_said##*	}" = OWNRUN ]; then labkit_free 'another name of this host holds it in the same run'; exit; fi
  printf '%s\\n' "MARK busy \${labkit_note##*.} $labkit_said" >&2
  exit 75
} 9<"$labkit_lock"
`;

/** The beginning of the lines the wrapper itself prints. */
export function markOf(nonce: string): string {
  return `labkit-lock-${nonce.replace(/[^A-Za-z0-9]/g, '')}`;
}

/** Reads what the wrapper printed among the command's error output: whether the lock was held, and the output without those lines. Throws LabError 'refused' when another run has the host. */
export function parseTargetLock(
  stderr: string,
  holder: TargetHolder,
): TargetLock & { stderr: string } {
  const mark = `${markOf(holder.nonce)} `;
  const at = stderr.startsWith(mark) ? 0 : stderr.indexOf(`\n${mark}`) + 1;
  if (!stderr.startsWith(mark, at)) return { lock: 'held', why: '', stderr };
  const end = stderr.indexOf('\n', at);
  const line = stderr.slice(at + mark.length, end === -1 ? undefined : end);
  if (line.startsWith('busy')) throw refusal(line.slice('busy '.length));
  const rest = end === -1 ? '' : stderr.slice(end + 1);
  return { lock: 'none', why: line.slice('none '.length), stderr: stderr.slice(0, at) + rest };
}

function refusal(said: string): LabError {
  const [, pid = '', note = ''] = /^(\d*)\S* (.*)$/.exec(said) ?? [];
  const [who = '', since = '', run = ''] = note.split('\t');
  const details = [
    since && `since ${since}`,
    run && `run ${run}`,
    pid && `process ${pid} there`,
  ].filter(Boolean);
  return new LabError(
    'refused',
    `the host is locked by ${who || 'another run'}${details.length > 0 ? ` (${details.join(', ')})` : ''}`,
    pid
      ? `wait for that run to end; if its controller is gone, end process ${pid} on the host`
      : 'wait for that run to end, or end it',
  );
}

function oneLine(text: string): string {
  return [...text]
    .map((letter) => (letter < ' ' || letter === '\x7f' ? ' ' : letter))
    .join('')
    .slice(0, 80);
}

/** What a report keeps of the host's lock. */
export function renderTargetLock({ lock, why }: TargetLock): { readonly [key: string]: Value } {
  return lock === 'held' ? { targetLock: 'held' } : { targetLock: 'none', targetLockWhy: why };
}
