# shellcheck shell=dash
# Which disks are built into the PC and may be written. Reads $sysfs (/sys) and $udev_data (/run/udev/data, one file of E:KEY=VALUE lines per device) only.

# take_attribute FILE: leaves the first line of an attribute in $attribute, blanks at both ends gone; nothing where there is none. No process is started for it.
take_attribute() {
  attribute=''
  { read -r attribute <"$1"; } 2>/dev/null || :
}

# read_attribute FILE: prints it.
read_attribute() {
  take_attribute "$1"
  printf '%s\n' "$attribute"
}

# udev_value NAME KEY: what udev knows of a disk.
udev_value() {
  sed -n "s/^E:$2=//p" "$udev_data/b$(read_attribute "$sysfs/block/$1/dev")" 2>/dev/null
}

# is_near PLACE: whether a device of /sys is inside the PC: not behind USB, FireWire, a card slot, a Fibre Channel or iSCSI session (Documentation/ABI), nor anything that says it can be taken out: a medium, a port, a Thunderbolt slot.
is_near() {
  case $1/ in
    */usb[0-9]* | */fw[0-9]* | */pcmcia* | */memstick* | */session[0-9]*/* | */rport-* | */vport-* | */nvme-fabrics/*) return 1 ;;
  esac
  near_path=$1
  while [ "$near_path" != / ] && [ "$near_path" != "$sysfs" ]; do
    take_attribute "$near_path/removable"
    case $attribute in 1 | removable) return 1 ;; esac
    near_path=${near_path%/*}
    [ -n "$near_path" ] || near_path=/
  done
}

# is_local_controller FOLDER: whether an NVMe controller is a card in the PC, not a server (nvme-tcp, nvme-rdma, nvme-fc).
is_local_controller() {
  case $(read_attribute "$1/transport") in '' | pcie) ;; *) return 1 ;; esac
  is_near "$(readlink -f "$1")"
}

# is_local_subsystem FOLDER: the same of all the ways to an NVMe disk that has several (drivers/nvme/host/multipath.c); one at least.
is_local_subsystem() {
  subsystem_ways=0
  for subsystem_way in "$1"/nvme[0-9]*; do
    [ -e "$subsystem_way/transport" ] || continue
    is_local_controller "$subsystem_way" || return 1
    subsystem_ways=$((subsystem_ways + 1))
  done
  [ "$subsystem_ways" -gt 0 ]
}

# judge_disk NAME: 0 for a disk built into the PC that can be written, 2 for one that is built in but is not to be trusted (read-only, without a size, of a kind nobody knows, in use), 1 for everything else.
judge_disk() {
  case $1 in
    loop* | ram* | zram* | dm-* | md* | sr* | fd* | nbd* | rbd* | drbd* | bcache* | zd[0-9]* | mtdblock* | etherd* | mmcblk*boot* | mmcblk*rpmb) return 1 ;;
  esac
  disk_path=$sysfs/block/$1
  [ -e "$disk_path/device" ] || return 1
  take_attribute "$disk_path/hidden"
  [ "$attribute" != 1 ] || return 1
  device_path=$(readlink -f "$disk_path")
  case $device_path in
    */virtual/nvme-subsystem/*) is_local_subsystem "$disk_path/device" || return 1 ;;
    */virtual/*) return 1 ;;
    */nvme/nvme[0-9]*) is_local_controller "$disk_path/device" || return 1 ;;
  esac
  is_near "$device_path" || return 1
  case $(udev_value "$1" ID_BUS) in usb | ieee1394) return 1 ;; esac
  case $1 in
    # "SD" is a card in a slot, "MMC" is soldered (Documentation/ABI/testing/sysfs-bus-mmc).
    mmcblk*) [ "$(read_attribute "$disk_path/device/type")" = MMC ] || return 1 ;;
    sd* | hd* | vd* | xvd* | nvme*) ;;
    *) return 2 ;;
  esac
  take_attribute "$disk_path/ro"
  [ "$attribute" = 0 ] || return 2
  take_attribute "$disk_path/size"
  case $attribute in '' | 0 | *[!0-9]*) return 2 ;; esac
  # Something has it: a mapper, a RAID, a file system of this very system.
  for disk_holder in "$disk_path"/holders/* "$disk_path"/"$1"*/holders/*; do [ ! -e "$disk_holder" ] || return 2; done
}

# list_disks: leaves the names of the disks that may be written in $found_disks, and what is built in and cannot be judged in $found_doubtful: such disks, and NVMe controllers in the PC that show no disk at all.
list_disks() {
  found_disks='' found_doubtful=''
  for disk_entry in "$sysfs"/block/*; do
    [ -e "$disk_entry" ] || continue
    judge_disk "${disk_entry##*/}"
    case $? in
      0) found_disks="$found_disks ${disk_entry##*/}" ;;
      2) found_doubtful="$found_doubtful ${disk_entry##*/}" ;;
    esac
  done
  for disk_entry in "$sysfs"/class/nvme/nvme[0-9]*; do
    [ -e "$disk_entry" ] && is_local_controller "$disk_entry" || continue
    set -- "$disk_entry"/nvme[0-9]*n[0-9]*
    [ -e "$1" ] || found_doubtful="$found_doubtful ${disk_entry##*/}"
  done
}

# is_network_start: whether the firmware hands a network disk over to this start (iSCSI Boot Firmware Table).
is_network_start() {
  for network_table in "$sysfs"/firmware/ibft "$sysfs"/firmware/acpi/tables/[iI]BFT; do
    [ ! -e "$network_table" ] || return 0
  done
  return 1
}
