# shellcheck shell=dash
# What a disk is known by, and which one a rule of the register means.

# disk_bytes NAME: its size, 0 for one that tells none; the kernel counts sectors of 512 bytes whatever the disk does.
disk_bytes() {
  take_attribute "$sysfs/block/$1/size"
  case $attribute in '' | *[!0-9]*) attribute=0 ;; esac
  echo $((attribute * 512))
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
  describe_trouble=''
  if [ ! -e "$sysfs/block/$1" ]; then
    printf '%s (shows no disk)' "$1"
    return
  elif ! judge_disk "$1"; then
    describe_trouble=', cannot be written'
  fi
  printf '%s (%s MB, serial %s%s)' "$1" $(($(disk_bytes "$1") / 1000000)) "$(disk_serials "$1" | first_line)" "$describe_trouble"
}

# describe_disks NAMES: the same of several.
describe_disks() {
  disk_separator=''
  for disk_name in $1; do
    printf '%s%s' "$disk_separator" "$(describe_disk "$disk_name")"
    disk_separator=', '
  done
  [ -n "$disk_separator" ] || printf 'none'
}

# has_fingerprint NAME SERIAL WWN BYTES: whether it is the registered disk.
has_fingerprint() {
  [ "$4" = - ] || [ "$4" = "$(disk_bytes "$1")" ] || return 1
  disk_serials "$1" | has_line "$2" && disk_wwns "$1" | has_line "$3"
}

# choose_disk RULE: RULE is "only" or "fingerprint SERIAL WWN BYTES". Prints the name of the one disk that may be wiped, or why there is none and returns 1.
choose_disk() {
  if [ "$1" = only ]; then choose_only; else choose_registered "${1#fingerprint }"; fi
}

# choose_only: the only disk built into the PC. One that is broken may be the one that is meant, so it counts.
choose_only() {
  list_disks
  if is_network_start; then
    echo 'this PC starts from a network disk (iBFT): which disk is meant is not known; register its disk'
    return 1
  fi
  # shellcheck disable=SC2086 # one word for each disk
  set -- $found_disks $found_doubtful
  case $# in
    1)
      if [ -n "$found_disks" ]; then
        echo "$1"
        return
      fi
      echo "no fixed internal disk that can be written; found: $(describe_disks "$1")"
      ;;
    0) echo 'no fixed internal disk that can be written' ;;
    *) echo "more than one disk fits: $(describe_disks "$*")" ;;
  esac
  return 1
}

# choose_registered FINGERPRINT: a serial number may hold blanks, the others do not.
choose_registered() {
  rule_rest=$1
  rule_bytes=${rule_rest##* } rule_rest=${rule_rest% *}
  rule_wwn=${rule_rest##* } rule_serial=${rule_rest% *}
  if [ "$rule_serial$rule_wwn$rule_bytes" = --- ]; then
    echo 'the registered disk is known by nothing'
    return 1
  fi
  list_disks
  fitting_disks=''
  for disk_name in $found_disks $found_doubtful; do
    ! has_fingerprint "$disk_name" "$rule_serial" "$rule_wwn" "$rule_bytes" || fitting_disks="$fitting_disks $disk_name"
  done
  # shellcheck disable=SC2086 # one word for each disk
  set -- $fitting_disks
  case $# in
    1)
      if judge_disk "$1"; then
        echo "$1"
        return
      fi
      echo "the registered disk is here, but not to be written: $(describe_disk "$1")"
      ;;
    0) echo "the registered disk (serial $rule_serial, WWN $rule_wwn, bytes $rule_bytes) is not here; found: $(describe_disks "$found_disks $found_doubtful")" ;;
    *) echo "more than one disk fits: $(describe_disks "$*")" ;;
  esac
  return 1
}
