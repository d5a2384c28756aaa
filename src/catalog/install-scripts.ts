import { sh } from '../model/command.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import type { ProfileContext } from '../model/profile.ts';
import { pickDisk } from './install-disk.ts';

/** Shell functions that installers report with: `tell STAGE [QUERY]` repeats itself until it is answered (ten minutes at least, as long as the service may be restarted), and succeeds only when the answer is `go`; `query_text TEXT` makes a text one that can stand in QUERY. curl or wget, whichever the installer has. */
export function tellFunctions(reportUrl: string): string {
  return sh`report=${reportUrl}
ask() {
  if command -v curl >/dev/null 2>&1; then curl -fsS -m 20 "$1"; else wget -q -T 20 -O - "$1"; fi
}
tell() {
  tries=0
  until answer=$(ask "$report?stage=$1$2"); do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || return 1
    sleep 3
  done
  # An empty answer, or the page of somebody in between, is no leave.
  case $answer in go|'go '*) ;; *) return 1 ;; esac
}
query_text() { printf %s "$1" | head -c 200 | LC_ALL=C tr -c 'A-Za-z0-9.,:;-' +; }
`.script;
}

/** Shell that gets leave for the first write: the disk by the rule that was confirmed, then a clear `go` of the boot service, then the same disk once more in `$disk`. Anything else ends in `stop`, shell that lets the installer go no further, with the functions of `tellFunctions` there. */
export function askLeave(
  { reportUrl, disk }: Pick<ProfileContext<unknown>, 'reportUrl' | 'disk'>,
  stop: string,
): string {
  return `${tellFunctions(reportUrl)}${pickDisk(disk)}${
    sh`no_leave() {
  echo "Labkit: $1. Nothing was written." >&2
  ${{ script: stop }}
}
give_up() {
  tell failed "&reason=$(query_text "$1")"
  no_leave "$1"
}
disk=$(pick_disk) || give_up "$disk"
tell writing "$(tell_disk "$disk")" || no_leave 'the boot service gives no leave to write'
again=$(pick_disk) && [ "$again" = "$disk" ] || give_up "the disk changed since it was chosen: $again"
`.script
  }`;
}

/** authorized_keys lines (sshd(8)) as they may stand in an answer file: printable and without a quote, or LabError 'input'. Without any, nobody could reach the new system. */
export function keyLines(keys: readonly string[]): readonly string[] {
  for (const key of keys)
    if (!/^[ !#-~]+$/.test(key))
      throw new LabError(
        'input',
        `${JSON.stringify(key.slice(0, 60))} cannot stand in an answer file`,
        'a public key is one line of plain letters: take its comment away',
      );
  return keys;
}

/** The host's name as a label (RFC 1123, 2.1), or LabError 'input'. */
export function hostLabel({ name }: Host): string {
  if (/^[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?$/.test(name)) return name;
  throw new LabError(
    'input',
    `${name} is no name that a computer can have`,
    'letters, digits and dashes, 63 at most',
  );
}
