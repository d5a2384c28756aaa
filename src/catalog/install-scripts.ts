import { sh } from '../model/command.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import type { ProfileContext } from '../model/profile.ts';
import { isMapping } from '../model/value.ts';

/** Shell functions that installers report with: `tell STAGE [QUERY]` repeats itself until it is answered, and fails when the answer is to stop. curl or wget, whichever the installer has. */
export function tellFunctions(reportUrl: string): string {
  return sh`report=${reportUrl}
ask() {
  if command -v curl >/dev/null 2>&1; then curl -fsS -m 20 "$1"; else wget -q -T 20 -O - "$1"; fi
}
tell() {
  tries=0
  until answer=$(ask "$report?stage=$1$2"); do
    tries=$((tries + 1))
    [ "$tries" -lt 40 ] || return 1
    sleep 3
  done
  case $answer in stop*) return 1 ;; esac
}
`.script;
}

/** A shell function `pick_disk` that prints the name of the disk to be wiped, such as `sda`, or what is wrong and returns 1: by the fingerprint of the host's variable `disk` (serial, wwn, bytes), else the only fixed internal one. USB and removable ones never. */
export function pickDisk(host: Host): string {
  const { serial, wwn, bytes } = fingerprintOf(host);
  return sh`wanted_serial=${serial} wanted_wwn=${wwn} wanted_bytes=${bytes}
pick_disk() {
  found= count=0
  for path in /sys/block/*; do
    name=$(basename "$path")
    case $name in sd*|nvme*|vd*|hd*|xvd*|mmcblk*) ;; *) continue ;; esac
    case $name in *boot[0-9]|*rpmb|*c[0-9]n[0-9]) continue ;; esac
    [ "$(cat "$path/removable" 2>/dev/null)" != 1 ] || continue
    case $(readlink -f "$path") in */usb[0-9]*) continue ;; esac
    bytes=$(($(cat "$path/size") * 512))
    [ "$bytes" -gt 0 ] || continue
    fits "$path" "$bytes" || continue
    found=$name count=$((count + 1))
  done
  [ "$count" = 1 ] && echo "$found" && return
  echo "$count disks fit the rule, not one"
  return 1
}
fits() {
  [ "$wanted_bytes" = 0 ] || [ "$wanted_bytes" = "$2" ] || return 1
  [ -z "$wanted_serial" ] || [ "$wanted_serial" = "$(of "$1" serial)" ] || return 1
  [ -z "$wanted_wwn" ] || [ "$wanted_wwn" = "$(of "$1" wwid | sed 's/^[a-z]*\.//;s/^0x//')" ] || return 1
}
of() {
  for file in "$1/$2" "$1/device/$2"; do
    [ ! -r "$file" ] || { tr -d ' \n' <"$file"; return; }
  done
  # SATA tells its serial number in a page of its own, behind four bytes (SPC-5, 7.7.8).
  [ "$2" != serial ] || [ ! -r "$1/device/vpd_pg80" ] || tail -c +5 "$1/device/vpd_pg80" | tr -d ' \n\0'
}
`.script;
}

function fingerprintOf({ vars }: Host): { serial: string; wwn: string; bytes: number } {
  const { disk } = vars;
  const table = isMapping(disk) ? disk : {};
  const textOf = (name: string): string => String(table[name] ?? '');
  const bytes = Number(table['bytes'] ?? 0);
  return {
    serial: textOf('serial'),
    wwn: textOf('wwn').replace(/^(?:[a-z]+\.)?(?:0x)?/, ''),
    bytes: Number.isSafeInteger(bytes) ? bytes : 0,
  };
}

/** Shell that makes a new system below `$root` the technicians' own: their keys, an account without a password, one kind of host key, the mark of Labkit; then tells its public host key. `$root` is '' inside it. */
export function claimSystem(
  context: ProfileContext<{ readonly user: string }>,
  profile: string,
  sudoGroup: 'sudo' | 'wheel',
): string {
  const { options, sshKeys } = context;
  const keys = keyLines(sshKeys);
  return sh`in_root() { if [ -n "$root" ]; then chroot "$root" "$@"; else "$@"; fi; }
put_keys() {
  mkdir -p "$root$1/.ssh" && chmod 700 "$root$1/.ssh"
  printf '%s\n' ${keys} >"$root$1/.ssh/authorized_keys"
  chmod 600 "$root$1/.ssh/authorized_keys"
}
put_keys /root
user=${options.user}
if [ -n "$user" ]; then
  in_root id -u "$user" >/dev/null 2>&1 || in_root useradd -m -s /bin/bash -G ${sudoGroup} "$user"
  put_keys "/home/$user"
  in_root chown -R "$user:" "/home/$user/.ssh"
  printf '%s ALL=(ALL) NOPASSWD: ALL\n' "$user" >"$root/etc/sudoers.d/labkit"
  chmod 440 "$root/etc/sudoers.d/labkit"
fi
mkdir -p "$root/etc/labkit"
printf '%s -\n' ${profile} >"$root/etc/labkit/image"
rm -f "$root"/etc/ssh/ssh_host_*
in_root ssh-keygen -q -t ed25519 -N '' -C '' -f /etc/ssh/ssh_host_ed25519_key
key=$(cut -d ' ' -f 1,2 "$root/etc/ssh/ssh_host_ed25519_key.pub" | sed 's/%/%25/g;s/+/%2B/g;s/=/%3D/g;s/ /%20/g;s|/|%2F|g')
`.script;
}

/** authorized_keys lines (sshd(8)) as they may stand in an answer file: printable and without a quote, or LabError 'input'. */
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
