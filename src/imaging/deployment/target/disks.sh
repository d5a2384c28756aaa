# shellcheck shell=dash
# Which disk may be wiped. Reads $sysfs (/sys) and $udev_data (/run/udev/data, one file of E:KEY=VALUE lines per device) only.

# read_attribute FILE: the first line of an attribute, blanks at both ends gone; nothing where there is none.
read_attribute() {
  attribute=''
  { read -r attribute <"$1"; } 2>/dev/null
  printf '%s\n' "$attribute"
}

# is_fixed_disk NAME: whether it is a disk built into the PC that can be written; USB, removable, read-only and made-up ones are not.
is_fixed_disk() {
  case $1 in
    loop* | ram* | zram* | dm-* | md* | sr* | fd* | nbd* | mtdblock* | mmcblk*boot* | mmcblk*rpmb) return 1 ;;
  esac
  disk_path=$sysfs/block/$1
  [ -e "$disk_path/device" ] || return 1
  [ "$(read_attribute "$disk_path/hidden")" != 1 ] || return 1
  [ "$(read_attribute "$disk_path/ro")" != 1 ] || return 1
  case $(read_attribute "$disk_path/size") in '' | 0 | *[!0-9]*) return 1 ;; esac
  # "SD" is a card in a slot, "MMC" is soldered (Documentation/ABI/testing/sysfs-bus-mmc).
  [ "$(read_attribute "$disk_path/device/type")" != SD ] || return 1
  device_path=$(readlink -f "$disk_path")
  case $device_path in */usb[0-9]* | */fw[0-9]*) return 1 ;; esac
  # Any part of the way to it may be removable: the medium, a port, a Thunderbolt slot.
  while [ "$device_path" != / ] && [ "$device_path" != "$sysfs" ]; do
    case $(read_attribute "$device_path/removable") in 1 | removable) return 1 ;; esac
    device_path=${device_path%/*}
    [ -n "$device_path" ] || device_path=/
  done
}

# list_disks: the names of the disks that may be written, one a line.
list_disks() {
  for disk_entry in "$sysfs"/block/*; do
    [ -e "$disk_entry" ] || continue
    ! is_fixed_disk "${disk_entry##*/}" || echo "${disk_entry##*/}"
  done
}

# disk_bytes NAME: its size; the kernel counts sectors of 512 bytes whatever the disk does.
disk_bytes() {
  echo $(($(read_attribute "$sysfs/block/$1/size") * 512))
}

# udev_value NAME KEY: what udev knows of a disk.
udev_value() {
  sed -n "s/^E:$2=//p" "$udev_data/b$(read_attribute "$sysfs/block/$1/dev")" 2>/dev/null
}

# disk_serials NAME: every serial number it goes by, the plainest first.
disk_serials() {
  read_attribute "$sysfs/block/$1/serial"
  read_attribute "$sysfs/block/$1/device/serial"
  for udev_key in ID_SERIAL_SHORT ID_SCSI_SERIAL ID_SERIAL; do udev_value "$1" "$udev_key"; done
}

# disk_wwns NAME: every world-wide name it goes by.
disk_wwns() {
  for udev_key in ID_WWN_WITH_EXTENSION ID_WWN; do udev_value "$1" "$udev_key"; done
  read_attribute "$sysfs/block/$1/wwid"
  read_attribute "$sysfs/block/$1/device/wwid"
}

# plain: stdin in one spelling: tools disagree on case, blanks and the prefixes of world-wide names.
plain() {
  LC_ALL=C tr 'a-z' 'A-Z' | LC_ALL=C tr -d ' _' | sed 's/^0X//; s/^NAA\.//; s/^EUI\.//; s/^NVME\.//; s/^UUID\.//'
}

# first_line: the first line of stdin that is not empty, or "-".
first_line() {
  while read -r line_read; do
    [ -z "$line_read" ] || {
      printf '%s\n' "$line_read"
      return
    }
  done
  echo -
}

# has_line WANTED: whether a line of stdin is this one in some spelling; "-" fits whatever there is.
has_line() {
  [ "$1" != - ] || return 0
  wanted_line=$(printf '%s\n' "$1" | plain)
  [ -n "$wanted_line" ] && plain | grep -Fqx -- "$wanted_line"
}

# describe_disk NAME: for a person.
describe_disk() {
  printf '%s (%s MB, serial %s)' "$1" $(($(disk_bytes "$1") / 1000000)) "$(disk_serials "$1" | first_line)"
}

# describe_disks NAMES: the same of several.
describe_disks() {
  disk_separator=''
  for disk_name in $1; do
    printf '%s%s' "$disk_separator" "$(describe_disk "$disk_name")"
    disk_separator=', '
  done
  [ -n "$1" ] || printf 'none'
}

# choose_disk RULE: RULE is "only" or "fingerprint SERIAL WWN BYTES". Prints the name of the one disk that may be wiped, or why there is none and returns 1.
choose_disk() {
  found_disks=$(list_disks)
  if [ "$1" = only ]; then
    fitting_disks=$found_disks
  else
    rule_rest=${1#fingerprint }
    rule_bytes=${rule_rest##* } rule_rest=${rule_rest% *}
    rule_wwn=${rule_rest##* } rule_serial=${rule_rest% *}
    if [ "$rule_serial$rule_wwn$rule_bytes" = --- ]; then
      echo 'the registered disk is known by nothing'
      return 1
    fi
    fitting_disks=''
    for disk_name in $found_disks; do
      [ "$rule_bytes" = - ] || [ "$rule_bytes" = "$(disk_bytes "$disk_name")" ] || continue
      disk_serials "$disk_name" | has_line "$rule_serial" || continue
      disk_wwns "$disk_name" | has_line "$rule_wwn" || continue
      fitting_disks="$fitting_disks $disk_name"
    done
  fi
  # shellcheck disable=SC2086 # one word for each disk
  set -- "$1" $fitting_disks
  case $# in
    2) echo "$2" ;;
    1) if [ "$1" = only ]; then
        echo 'no fixed internal disk that can be written'
      else
        echo "the registered disk (serial $rule_serial, WWN $rule_wwn, bytes $rule_bytes) is not here; found: $(describe_disks "$found_disks")"
      fi ;;
    *) echo "more than one disk fits: $(describe_disks "$fitting_disks")" ;;
  esac
  [ $# -eq 2 ]
}
