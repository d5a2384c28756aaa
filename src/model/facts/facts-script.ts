import { quoteSh } from '../command.ts';
import { mainFiles, type Part, type Question, type Topic } from './topics.ts';

/** Prints files, each with its path above it. One process reads all: on a PC, starting programs is what takes the time. Not `tail`, which gives up at the first file that cannot be read. */
export function filesScript(wanted: readonly Topic[]): string {
  const paths = new Set([...mainFiles, ...wanted.flatMap(({ files = [] }) => files)]);
  return `head -v -n 99999 ${[...paths].join(' ')} 2>/dev/null\n:`;
}

/** Ansible asks for the same two addresses to find the way out (module setup, network/linux). */
export const networkScript = `ip addr; echo ---; ip -4 route get 8.8.8.8 2>/dev/null; echo ---; ip -6 route get 2404:6800:400a:800::1012 2>/dev/null
:`;

/** A file server that does not answer holds this up. */
export const mountsScript = `set --
while read -r device mount rest; do case $device in /*|*:/*) set -- "$@" "$mount" ;; esac; done < /proc/mounts
[ $# -eq 0 ] || stat -f -c '%a %b %s %S %c %d %n' "$@"
:`;

const programs = 'apt-get dnf yum microdnf zypper pacman apk lsb_release initctl vgs';
const paths =
  '/run/systemd/system /dev/kvm /proc/xen /proc/vz /proc/lve /proc/bc /.dockerenv /.dockerinit /sys/kernel/security/apparmor /etc/init /etc/init.d /sbin/openrc /sys/class/dmi/id';

const questions: { readonly [Q in Question]: string } = {
  machine: `printf 'machine='; uname -m`,
  bits: `printf 'bits='; getconf LONG_BIT 2>/dev/null || echo`,
  user: `printf 'id='; id; printf 'passwd='; getent passwd "$(id -u)" 2>/dev/null || echo`,
  // half a year on, the other half of the year's time zone
  date: `lab_date=$(date '+%s %N %Y-%m-%d %H:%M:%S %A %w %W %Z %z'); printf 'date=%s\n' "$lab_date"
printf 'later='; date -d "@$((${'$'}{lab_date%% *} + 15778800))" '+%Z %z' 2>/dev/null || echo`,
  programs: `for name in ${programs}; do command -v $name >/dev/null 2>&1 && echo "program=$name"; done`,
  paths: `for path in ${paths}; do [ -e $path ] && echo "exists=$path"; done
[ -L /sbin/init ] && printf 'init=%s\n' "$(readlink /sbin/init)"`,
  uuids: `[ -d /dev/disk/by-uuid ] && ls -l /dev/disk/by-uuid`,
  caps: `command -v capsh >/dev/null 2>&1 && printf 'caps=%s\n' "$(capsh --print 2>/dev/null | sed -n 's/^Current: *//p')"`,
  chroot: `[ -e /proc/1/root/. ] && if [ "$(stat -c %d:%i / 2>/dev/null)" = "$(stat -c %d:%i /proc/1/root/. 2>/dev/null)" ]; then echo chroot=no; else echo chroot=yes; fi`,
};

/** Answers as `name=value` lines. */
export function systemScript(wanted: readonly Topic[]): string {
  const asked = new Set(wanted.flatMap(({ asks = [] }) => asks));
  return `${[...asked].map((question) => questions[question]).join('\n')}\n:`;
}

/** The site's own facts below a folder: programs are run, other files read; each with its exit code above it. */
export function localScript(folder: string): string {
  return `for file in ${quoteSh(folder)}/*.fact; do
[ -f "$file" ] && [ -r "$file" ] || continue
if [ -x "$file" ]; then text=$("$file" </dev/null 2>/dev/null); code=$?; else text=$(cat "$file"); code=0; fi
printf '\n==> %s %s <==\n%s' "$file" "$code" "$text"
done
:`;
}

/** The environment that programs of this script get, without what the script itself put there. */
const envScript = `( [ -z "${'$'}{lab_locale+x}" ] || eval "$lab_locale"; cat /proc/self/environ )`;

/** How the parts of one script with everything wanted are made. */
export interface ScriptSettings {
  readonly topics: readonly Topic[];
  /** Letters and digits that nobody can guess: stands above each part. */
  readonly marker: string;
  readonly factFolder: string;
  readonly mountSeconds: number;
}

/** One POSIX sh script for these topics; `splitParts` takes its output apart. It changes nothing. */
export function factsScript({ topics, marker, factFolder, mountSeconds }: ScriptSettings): string {
  const has = (part: Part) => topics.some((topic) => topic.part === part);
  const limit = `timeout ${mountSeconds} sh -c ${quoteSh(mountsScript)}`;
  const parts: readonly (readonly [string, string])[] = [
    ['files', filesScript(topics)],
    ['system', systemScript(topics)],
    ...(has('env') ? [['env', envScript] as const] : []),
    ...(has('network') ? [['network', networkScript] as const] : []),
    ...(has('mounts') ? [['mounts', limit] as const] : []),
    ...(has('local') ? [['local', localScript(factFolder)] as const] : []),
  ];
  return parts
    .map(([name, script]) => `printf '\\n%s %s\\n' ${marker} ${name}\n${script}`)
    .join('\n');
}

/** The parts of the output by name. */
export function splitParts(stdout: string, marker: string): ReadonlyMap<string, string> {
  const pieces = `\n${stdout}`.split(new RegExp(`\n${marker} ([a-z]+)\n`));
  const parts = new Map<string, string>();
  for (let at = 1; at + 1 < pieces.length; at += 2)
    parts.set(pieces[at] ?? '', pieces[at + 1] ?? '');
  return parts;
}
