import type { Probe } from '../probe-script.ts';

/** Sections of the facts script by id. */
export const factSections = { env: 0, files: 1, network: 2, system: 3, mounts: 4 } as const;

const dmi = [
  'bios_date bios_vendor bios_version board_asset_tag board_name board_serial board_vendor',
  'board_version chassis_asset_tag chassis_serial chassis_type chassis_vendor chassis_version',
  'product_family product_name product_serial product_uuid product_version sys_vendor',
].join(' ');

/** One process reads all files: on a PC, starting programs is what takes the time. Not `tail`, which gives up at the first file that cannot be read. */
const files = `set -- /proc/sys/kernel/hostname /proc/sys/kernel/osrelease /proc/sys/kernel/version /proc/meminfo /proc/cpuinfo /proc/uptime /proc/loadavg \\
/proc/cmdline /proc/self/status /proc/self/mountinfo /proc/mounts /proc/modules /proc/1/comm /proc/1/cgroup /proc/1/environ /proc/sys/crypto/fips_enabled \\
/etc/os-release /usr/lib/os-release /etc/lsb-release /etc/debian_version /etc/redhat-release /etc/centos-release /etc/system-release /etc/alpine-release \\
/etc/machine-id /etc/hosts /etc/resolv.conf /etc/passwd /etc/selinux/config /sys/fs/selinux/enforce /sys/fs/selinux/policyvers /run/systemd/container \\
/etc/ssh/ssh_host_*_key.pub
for name in ${dmi}; do set -- "$@" "/sys/class/dmi/id/$name"; done
for name in address mtu operstate type speed flags bridge/bridge_id bonding/mode; do set -- "$@" /sys/class/net/*/$name; done
for name in size removable queue/rotational queue/logical_block_size queue/scheduler queue/discard_granularity device/vendor device/model device/serial; do
set -- "$@" /sys/block/*/$name; done
head -v -n 99999 "$@" /sys/block/*/*/start /sys/block/*/*/size 2>/dev/null
:`;

/** Ansible asks for the same two addresses to find the way out (module setup, network/linux). */
const network = `ip addr; echo ---; ip -4 route get 8.8.8.8 2>/dev/null; echo ---; ip -6 route get 2404:6800:400a:800::1012 2>/dev/null
:`;

const system = `printf 'machine='; uname -m
printf 'id='; id
printf 'date='; date '+%s %N %Y-%m-%d %H:%M:%S %A %w %W %Z %z'
for name in apt-get dnf yum microdnf zypper pacman apk lsb_release initctl; do command -v $name >/dev/null 2>&1 && echo "program=$name"; done
for path in /run/systemd/system /dev/kvm /proc/xen /proc/vz /proc/lve /proc/bc /.dockerenv /.dockerinit /sys/kernel/security/apparmor /etc/init /etc/init.d /sbin/openrc /sys/class/dmi/id; do
[ -e $path ] && echo "exists=$path"; done
[ -L /sbin/init ] && printf 'init=%s\\n' "$(readlink /sbin/init)"
[ -d /dev/disk/by-uuid ] && ls -l /dev/disk/by-uuid
:`;

/** Last, because a file server that does not answer holds it up until the limit. */
const mounts = `set --
while read -r device mount rest; do case $device in /*|*:/*) set -- "$@" "$mount" ;; esac; done < /proc/mounts
[ $# -eq 0 ] || stat -f -c '%a %b %s %S %c %d %n' "$@"
:`;

/** The probes that gather facts: five sections, all read-only, as whoever logs in. */
export const factProbes: readonly Probe[] = (
  [
    // The shell's own environment, before the script sets any of its own
    [factSections.env, 'cat "/proc/$$/environ"', 'first'],
    [factSections.files, files, ''],
    [factSections.network, network, ''],
    [factSections.system, system, ''],
    [factSections.mounts, mounts, ''],
  ] as const
).map(([id, script, turn]) => ({ id, script, turn, wantsRoot: false, limitSeconds: 20 }));
