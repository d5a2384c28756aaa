import { type Command, sh } from '../../../model/command.ts';
import { renderPath } from '../../../model/host-path.ts';

/** The arguments of the `wait_for` module. */
export interface WaitArgs {
  readonly host: string;
  readonly port: number | undefined;
  readonly path: string | undefined;
  readonly search_regex: string | undefined;
  readonly state: string;
  readonly timeout: number;
  readonly connect_timeout: number;
  readonly delay: number;
  readonly sleep: number;
  readonly exclude_hosts: readonly string[] | undefined;
  readonly active_connection_states: readonly string[];
  readonly msg: string | undefined;
}

/** A look at the host that exits with 0 when what is waited for is so; it prints what a pattern is looked for in. */
export interface Condition {
  look(leftSeconds: number): Command;
}

/** Numbers of tcp(7) states in /proc/net/tcp. */
const stateCodes: { readonly [name: string]: string } = {
  ESTABLISHED: '01',
  SYN_SENT: '02',
  SYN_RECV: '03',
  FIN_WAIT1: '04',
  FIN_WAIT2: '05',
  TIME_WAIT: '06',
};

/** What does not go together in a `wait_for` task. */
export function waitProblems(args: WaitArgs): readonly string[] {
  const { port, path, state, exclude_hosts, active_connection_states: states } = args;
  const strange = states?.find((name) => stateCodes[name] === undefined);
  return [
    ...(port !== undefined && path !== undefined
      ? ['port and path parameter can not both be passed to wait_for']
      : []),
    ...(path !== undefined && (state === 'stopped' || state === 'drained')
      ? [`state=${state} should only be used for checking a port in the wait_for module`]
      : []),
    ...(exclude_hosts !== undefined && state !== 'drained' && state !== undefined
      ? ['exclude_hosts should only be with state=drained']
      : []),
    ...(state === 'drained' && port === undefined ? ['state drained needs port'] : []),
    ...(strange === undefined ? [] : [`unknown active_connection_state (${strange}) defined`]),
  ];
}

/** What is to be looked at; undefined when only time is to pass. */
export function conditionOf(args: WaitArgs): Condition | undefined {
  const { path, port, state, search_regex } = args;
  const ends = state === 'absent' || state === 'stopped';
  if (path !== undefined) {
    const file = { script: renderPath(path, {}), shown: path };
    if (ends) return { look: () => sh`path=${file}; [ ! -e "$path" ] && [ ! -L "$path" ]` };
    const read =
      search_regex === undefined ? sh`[ -e "$path" ]` : sh`[ -r "$path" ] && cat -- "$path"`;
    return { look: () => sh`path=${file}; ${read}` };
  }
  if (port === undefined) return undefined;
  if (state === 'drained') return { look: () => drainedLook(args, port) };
  if (ends)
    return {
      look: (left) => sh`${portLook(args, port, left)}
[ $? != 0 ]`,
    };
  return { look: (left) => portLook(args, port, left) };
}

// bash opens ports by itself; nc is what small systems have; of its own ports the host knows without either
function portLook(args: WaitArgs, port: number, leftSeconds: number): Command {
  const { host, connect_timeout, search_regex } = args;
  const limit = Math.min(connect_timeout, leftSeconds);
  const reads = search_regex === undefined ? '' : 'yes';
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return sh`host=${host} port=${port} limit=${limit} reads=${reads} hex=${hex} left=${leftSeconds}
${{ script: portBody }}`;
}

const portBody = `connects() {
  if command -v bash >/dev/null; then
    timeout "$limit" bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$host" "$port" 2>/dev/null
  elif command -v nc >/dev/null; then
    nc -z -w "$limit" "$host" "$port" </dev/null 2>/dev/null || nc -w "$limit" "$host" "$port" </dev/null >/dev/null 2>&1
  else
    case $host in
    127.* | localhost | ::1) grep -q ":$hex [0-9A-F]*:0000 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null ;;
    *) echo 'neither bash nor nc is there to open a port' >&2; false ;;
    esac
  fi
}
if [ -z "$reads" ]; then connects
elif command -v bash >/dev/null; then
  connects && timeout "$limit" bash -c 'exec 3<>"/dev/tcp/$0/$1"; cat <&3' "$host" "$port" 2>/dev/null
  true
else nc -w "$limit" "$host" "$port" </dev/null 2>/dev/null; true; fi`;

/** No connection of the port is in one of the states, but those with hosts left out. */
function drainedLook(args: WaitArgs, port: number): Command {
  const codes = args.active_connection_states.map((name) => stateCodes[name] ?? '').filter(Boolean);
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const left = (args.exclude_hosts ?? []).map(hexAddress).filter((text) => text !== '');
  return sh`hex=${hex} codes=${` ${codes.join(' ')} `} left=${` ${left.join(' ')} `}
${{
  script: `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | {
while read -r _ own other state _; do
  case $own in *":$hex") ;; *) continue ;; esac
  case $codes in *" $state "*) ;; *) continue ;; esac
  case $left in *" \${other%:*} "*) continue ;; esac
  exit 1
done
}`,
}}`;
}

/** An IPv4 address as /proc/net/tcp writes it: bytes in the order of a little-endian number. */
function hexAddress(address: string): string {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return '';
  return parts
    .toReversed()
    .map((part) => part.toString(16).toUpperCase().padStart(2, '0'))
    .join('');
}

/** The sentence for a condition that did not come in time. */
export function timeoutText(args: WaitArgs): string {
  const { host, port, path, state, search_regex } = args;
  const place = `${host}:${String(port)}`;
  if (state === 'drained') return `Timeout when waiting for ${place} to drain`;
  if (state === 'absent' || state === 'stopped')
    return path === undefined
      ? `Timeout when waiting for ${place} to stop.`
      : `Timeout when waiting for ${path} to be absent.`;
  if (search_regex !== undefined)
    return `Timeout when waiting for search string ${search_regex} in ${path ?? place}`;
  return `Timeout when waiting for ${path === undefined ? place : `file ${path}`}`;
}
