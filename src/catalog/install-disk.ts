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

/** Disks that are built into the PC, by the same rule as on a target (imaging/deployment/target/built-in.sh): what hangs on USB, a card slot or a network (iSCSI, Fibre Channel, NVMe over Fabrics), is removable or made up is none. Any part of the way to a disk may be removable: the medium, a port, a Thunderbolt slot (Documentation/ABI/testing/sysfs-bus-usb, sysfs-bus-mmc). One that is read-only, empty or in use is there and cannot be taken: `judge_disk` returns 2. */
const fixedDisks = sh`sysfs=/sys udev_data=/run/udev/data
first_word() {
  word=
  { read -r word <"$1"; } 2>/dev/null
  printf '%s\n' "$word"
}
is_near() {
  at=$1
  case $at/ in /|*/usb[0-9]*|*/fw[0-9]*|*/pcmcia*|*/memstick*|*/session[0-9]*/*|*/rport-*|*/vport-*|*/nvme-fabrics/*) return 1 ;; esac
  while [ "$at" != / ] && [ "$at" != "$sysfs" ]; do
    case $(first_word "$at/removable") in 1|removable) return 1 ;; esac
    at=$(dirname "$at")
  done
}
is_local() {
  case $(first_word "$1/transport") in ''|pcie) is_near "$(readlink -f "$1")" ;; *) return 1 ;; esac
}
are_ways_local() {
  ways=0
  for way in "$1"/nvme[0-9]*; do
    [ -e "$way/transport" ] || continue
    is_local "$way" || return 1
    ways=$((ways + 1))
  done
  [ "$ways" -gt 0 ]
}
judge_disk() {
  case $1 in loop*|ram*|zram*|dm-*|md*|sr*|fd*|nbd*|rbd*|drbd*|bcache*|zd[0-9]*|mtdblock*|etherd*|mmcblk*boot*|mmcblk*rpmb) return 1 ;; esac
  disk_path=$sysfs/block/$1
  [ -e "$disk_path/device" ] || return 1
  [ "$(first_word "$disk_path/hidden")" != 1 ] || return 1
  case $(from_udev "$1" ID_BUS) in usb|ieee1394) return 1 ;; esac
  disk_place=$(readlink -f "$disk_path")
  case $disk_place in
    */virtual/nvme-subsystem/*) are_ways_local "$disk_path/device" || return 1 ;;
    */virtual/*) return 1 ;;
    */nvme/nvme[0-9]*) is_local "$disk_path/device" || return 1 ;;
  esac
  is_near "$disk_place" || return 1
  case $1 in
    mmcblk*) [ "$(first_word "$disk_path/device/type")" = MMC ] || return 1 ;;
    sd*|hd*|vd*|xvd*|nvme*) ;;
    *) return 2 ;;
  esac
  [ "$(first_word "$disk_path/ro")" = 0 ] || return 2
  case $(first_word "$disk_path/size") in ''|0|*[!0-9]*) return 2 ;; esac
  for holder in "$disk_path"/holders/* "$disk_path/$1"*/holders/*; do [ ! -e "$holder" ] || return 2; done
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
  found= count=0 seen= doubtful=
  [ -n "$rule_serial$rule_wwn" ] || ! starts_from_network || {
    echo 'this PC starts from a network disk (iBFT): which disk is meant is not known; register its disk'
    return 1
  }
  for entry in "$sysfs"/block/*; do
    name=$(basename "$entry")
    judged=0
    judge_disk "$name" || judged=$?
    [ "$judged" != 1 ] || continue
    seen="$seen $name"
    fits_rule "$name" || continue
    # One that cannot be written may be the one that is meant: it counts, and is not taken.
    found=$name count=$((count + 1))
    [ "$judged" = 0 ] || doubtful="$doubtful $name"
  done
  [ -n "$rule_serial$rule_wwn" ] || count_silent
  [ "$count" = 1 ] && [ -z "$doubtful" ] && echo "$found" && return
  [ -z "$doubtful" ] || doubtful="; not to be written:$doubtful"
  echo "$count disks fit the rule, not one; fixed internal ones:$(printf %s "$seen" | grep . || echo ' none')$doubtful"
  return 1
}
# The firmware hands a network disk over to this start (iSCSI Boot Firmware Table).
starts_from_network() {
  for table in "$sysfs"/firmware/ibft "$sysfs"/firmware/acpi/tables/[iI]BFT; do [ ! -e "$table" ] || return 0; done
  return 1
}
# An NVMe controller in the PC that shows no disk may hold the one that is meant.
count_silent() {
  for entry in "$sysfs"/class/nvme/nvme[0-9]*; do
    [ -e "$entry" ] && is_local "$entry" || continue
    set -- "$entry"/nvme[0-9]*n[0-9]*
    [ -e "$1" ] || doubtful="$doubtful $(basename "$entry")" count=$((count + 1))
  done
}
tell_disk() {
  printf '&disk_name=%s&disk_bytes=%s' "$1" "$(bytes_of "$1")"
  serial=$(serials_of "$1" | grep . | head -n 1 | tr -d ' ')
  case $serial in ''|*[!A-Za-z0-9._:-]*) ;; *) printf '&disk_serial=%s' "$serial" ;; esac
}
`.script;
