import type { DiskRule } from '../model/boot.ts';
import { sh } from '../model/command.ts';
import { LabError } from '../model/lab-error.ts';

/** Shell functions for an installer: `pick_disk` prints the name of the one disk that may be wiped, such as `sda`, or says what is wrong and returns 1; `tell_disk NAME` prints what a report tells of it. The same disks come into question as for the deployment system. Throws LabError 'input' for a rule that would fit any disk. */
export function pickDisk(rule: DiskRule): string {
  const { serial, wwn, bytes } = fingerprintOf(rule);
  const wanted = sh`rule_serial=${serial} rule_wwn=${wwn} rule_bytes=${bytes}`.script;
  return `${wanted}\n${fixedDisks}${knownBy}${choosing}`;
}

function fingerprintOf(rule: DiskRule): { serial: string; wwn: string; bytes: number } {
  if (rule.by === 'only') return { serial: '', wwn: '', bytes: 0 };
  const { serial, wwn, bytes } = rule;
  if (serial !== '' || wwn !== '') return { serial, wwn, bytes };
  throw new LabError(
    'input',
    'the disk that may be wiped is known by nothing that only one disk has',
    'write its serial number or its WWN into the variable disk',
  );
}

/** Disks that are built into the PC and can be written: what is on USB, a card, removable, read-only, empty or made up is never touched. Any part of the way to a disk may be removable: the medium, a port, a Thunderbolt slot (Documentation/ABI/testing/sysfs-bus-usb, sysfs-bus-mmc). */
const fixedDisks = sh`sysfs=/sys udev_data=/run/udev/data
first_word() {
  word=
  { read -r word <"$1"; } 2>/dev/null
  printf '%s\n' "$word"
}
is_fixed() {
  case $1 in loop*|ram*|zram*|dm-*|md*|sr*|fd*|nbd*|mtdblock*|mmcblk*boot*|mmcblk*rpmb) return 1 ;; esac
  at=$sysfs/block/$1
  [ -e "$at/device" ] || return 1
  [ "$(first_word "$at/hidden")" != 1 ] || return 1
  [ "$(first_word "$at/ro")" != 1 ] || return 1
  case $(first_word "$at/size") in ''|0|*[!0-9]*) return 1 ;; esac
  [ "$(first_word "$at/device/type")" != SD ] || return 1
  at=$(readlink -f "$at")
  case $at in ''|*/usb[0-9]*|*/fw[0-9]*) return 1 ;; esac
  while [ "$at" != / ] && [ "$at" != "$sysfs" ]; do
    case $(first_word "$at/removable") in 1|removable) return 1 ;; esac
    at=$(dirname "$at")
  done
}
`.script;

/** The names a disk goes by. SATA tells its serial number in a page of its own, behind four bytes (SPC-5, 7.7.8). Tools disagree on case, blanks and the prefixes of world-wide names. */
const knownBy =
  sh`from_udev() { sed -n "s/^E:$2=//p" "$udev_data/b$(first_word "$sysfs/block/$1/dev")" 2>/dev/null; }
serials_of() {
  first_word "$sysfs/block/$1/serial"
  first_word "$sysfs/block/$1/device/serial"
  for key in ID_SERIAL_SHORT ID_SCSI_SERIAL ID_SERIAL; do from_udev "$1" "$key"; done
  [ ! -r "$sysfs/block/$1/device/vpd_pg80" ] || { tail -c +5 "$sysfs/block/$1/device/vpd_pg80" | tr -d '\n\0'; echo; }
}
wwns_of() {
  for key in ID_WWN_WITH_EXTENSION ID_WWN; do from_udev "$1" "$key"; done
  first_word "$sysfs/block/$1/wwid"
  first_word "$sysfs/block/$1/device/wwid"
}
bytes_of() { echo $(($(first_word "$sysfs/block/$1/size") * 512)); }
plain() { LC_ALL=C tr a-z A-Z | LC_ALL=C tr -d ' _' | sed 's/^0X//;s/^NAA\.//;s/^EUI\.//;s/^NVME\.//;s/^UUID\.//'; }
has_name() {
  [ -n "$1" ] || return 0
  wanted=$(printf '%s\n' "$1" | plain)
  [ -n "$wanted" ] && plain | grep -Fqx -- "$wanted"
}
`.script;

const choosing = sh`fits_rule() {
  [ "$rule_bytes" = 0 ] || [ "$rule_bytes" = "$(bytes_of "$1")" ] || return 1
  serials_of "$1" | has_name "$rule_serial" || return 1
  wwns_of "$1" | has_name "$rule_wwn"
}
pick_disk() {
  ! command -v udevadm >/dev/null 2>&1 || udevadm settle --timeout=10 >/dev/null 2>&1
  found= count=0 seen=
  for entry in "$sysfs"/block/*; do
    name=$(basename "$entry")
    is_fixed "$name" || continue
    seen="$seen $name"
    fits_rule "$name" || continue
    found=$name count=$((count + 1))
  done
  [ "$count" = 1 ] && echo "$found" && return
  echo "$count disks fit the rule, not one; fixed internal ones:$(printf %s "$seen" | grep . || echo ' none')"
  return 1
}
tell_disk() {
  printf '&disk_name=%s&disk_bytes=%s' "$1" "$(bytes_of "$1")"
  serial=$(serials_of "$1" | grep . | head -n 1 | tr -d ' ')
  case $serial in ''|*[!A-Za-z0-9._:-]*) ;; *) printf '&disk_serial=%s' "$serial" ;; esac
}
`.script;
