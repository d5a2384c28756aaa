import { quoteSh } from '../model/command.ts';

/** One probe of a host's script; `id` names its section in the answer. */
export interface Probe {
  readonly id: number;
  readonly script: string;
  readonly wantsRoot: boolean;
  readonly turn: 'first' | 'beside' | '';
  readonly limitSeconds: number;
}

/** Section marks go to both streams, so that each probe's stdout and stderr can be told apart without temporary files. */
const marks = `b() { echo "
$M b $1"; echo "
$M b $1" >&2; }
e() { echo "
$M e $1 $2"; echo "
$M e $1 $2" >&2; }`;

/** Runs the probes of $B in one shell under one time limit of $L seconds. When that strikes, the probe running at that moment is marked and the ones after it
 * get a new shell and a new limit, three times at most: one shell and one `timeout` in all instead of one for each probe. Dots on descriptor 7 count ended probes.
 * BusyBox's own `timeout` is left alone: its watcher keeps the streams open until the limit. */
const driver = `LC_ALL=C; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export LC_ALL PATH
exec 3>&1 4>&2
i=0 k=0 T=$(command -v timeout)
[ ! -L "$T" ] || case $(readlink "$T") in *busybox*) T= ;; esac
case $T in /*) T="$T -k 2 $L" ;; *) T= ;; esac
while :; do
n=$($T sh -c "$B" lab "$M" $i 7>&1 >&3 2>&4 </dev/null)
case $? in 124|137|143) ;; *) break ;; esac
echo "
$M t"; echo "
$M t" >&2
i=$((i + \${#n} + 1)) k=$((k + 1))
[ $k -lt 3 ] || break
done
:`;

/** Runs $B as root when one call of `sudo -n` allows it, else as the login user, and says so. The probes travel to root by stdin: sudo logs its arguments. */
const asRoot = `if [ "$(id -u)" = 0 ]; then eval "$D"
elif command -v sudo >/dev/null 2>&1 &&
printf '%s\\n' "$B" | sudo -n sh -c "B=\\$(cat); M=\\$1; L=\\$2; $D" lab "$M" "$L"; then :
else echo "
$M u"; eval "$D"; fi`;

/** Compiles the probes of one host into one POSIX script for one round trip. `marker` is random, so that no program's output can pass for a section mark.
 * `rooted` says that the script as a whole runs as root already. */
export function renderProbeScript(
  probes: readonly Probe[],
  marker: string,
  rooted: boolean,
): string {
  const first = probes.filter((probe) => probe.turn === 'first');
  const beside = probes.filter((probe) => probe.turn === 'beside');
  const rest = probes.filter((probe) => probe.turn === '');
  const root = rooted ? [] : rest.filter((probe) => probe.wantsRoot);
  const user = rest.filter((probe) => rooted || !probe.wantsRoot);
  const main = [batch(user, 'eval "$D"'), batch(root, asRoot)].join('');
  return [
    `LC_ALL=C; export LC_ALL`,
    `M=${quoteSh(marker)}`,
    marks,
    ...first.map((probe) => `b ${probe.id}; ${subshell(probe)}; e ${probe.id} $?`),
    `D=${quoteSh(driver)}`,
    beside.length === 0 ? main : withBeside(batch(beside, 'eval "$D"'), main),
    'exit 0',
  ].join('\n');
}

function subshell(probe: Probe): string {
  return `(\n${probe.script}\n) </dev/null`;
}

function batch(probes: readonly Probe[], run: string): string {
  if (probes.length === 0) return '';
  const lines = probes.map(
    (probe, index) =>
      `[ $2 -gt ${index} ] || { b ${probe.id}; ${subshell(probe)} 7>&-; e ${probe.id} $?; printf . >&7; }`,
  );
  const body = ['M=$1', marks, ...lines, 'exit 0'].join('\n');
  const limit = Math.max(...probes.map((probe) => probe.limitSeconds));
  return `B=${quoteSh(body)} L=${limit}\n${run}\n`;
}

/** Runs `beside` in the background and prints its sections whole at the end: they are held back in two nested substitutions, one for each stream. */
function withBeside(beside: string, main: string): string {
  return `exec 8>&1 9>&2
E=$( { O=$( { { ${beside} } & } 2>&5; { ${main} } >&8 2>&9 5>&- ); } 5>&1; printf '%s\\n' "$O" >&8 )
printf '%s\\n' "$E" >&2`;
}
