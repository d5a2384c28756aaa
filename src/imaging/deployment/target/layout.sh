# shellcheck shell=dash
# The partition table and the file systems of the new disk.

# partition_node DISK NUMBER: /dev/sda1, but /dev/nvme0n1p1.
partition_node() {
  case $1 in
    *[0-9]) echo "/dev/$1p$2" ;;
    *) echo "/dev/$1$2" ;;
  esac
}

# plan_layout FILE BYTES: sfdisk's script for the partition lines of a job on a disk of so many bytes; prints why it cannot be and returns 1.
# Types: UEFI specification 5.3.3, Discoverable Partitions Specification, GRUB's BIOS boot partition.
plan_layout() {
  awk -v bytes="$2" '
    BEGIN {
      type["esp"] = "C12A7328-F81F-11D2-BA4B-00C04FC93EC9"
      type["bios"] = "21686148-6449-6E6F-744E-656564454649"
      type["root"] = "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709"
      type["swap"] = "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F"
      type["data"] = "0FC63DAF-8483-4772-8E79-3D69D8477DE4"
      windows = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
    }
    { role[NR] = $1; size[NR] = $2; kind[NR] = $3 == "ntfs" ? windows : type[$1]; sum += $2; if ($4 == "grows") { grows[NR] = 1; growing++ } }
    END {
      # One MiB at each end is for the two copies of the table.
      room = int(bytes / 1048576) - 2
      if (sum > room) { printf "the disk is too small: the system needs %.0f MiB, the disk has %.0f\n", sum, room; exit 1 }
      if (growing > 1) { print "more than one partition takes the rest of the disk"; exit 1 }
      print "label: gpt"
      start = 1
      for (at = 1; at <= NR; at++) {
        if (grows[at]) size[at] += room - sum
        printf "start=%.0fMiB, size=%.0fMiB, type=%s, name=%s\n", start, size[at], kind[at], role[at]
        start += size[at]
      }
    }' "$1"
}

# partition_number ROLE FILE: which partition of the job has this role; nothing where none has.
partition_number() {
  awk -v role="$1" '$1 == role { print NR; exit }' "$2"
}

# write_layout DISK: the first write: table, then file systems. The root's goes without its journal until the archive is on it.
write_layout() {
  sfdisk --quiet --wipe always --wipe-partitions always "/dev/$1" <"$work/layout" >>"$work/log" 2>&1 || return 1
  sync_device "/dev/$1" || return 1
  await_layout "$1" || return 1
  layout_number=0
  while read -r layout_role _ layout_system _; do
    layout_number=$((layout_number + 1))
    ! is_brought "$layout_number" || continue
    make_filesystem "$(partition_node "$1" "$layout_number")" "$layout_role" "$layout_system" || return 1
  done <"$job/partition"
}

# is_brought NUMBER: whether a file of the image is written to this partition, file system and all.
is_brought() {
  awk -v at="$1" '$2 == "partition" && $5 == at { found = 1 } END { exit !found }' "$job/file"
}

# await_layout DISK: until the kernel sees the table that was asked for and no other; it is told to read it again when it does not. An old partition in its place would be formatted somewhere on the disk.
await_layout() {
  await_tries=0
  until check_kernel_layout "$1" 2>"$work/layout.trouble"; do
    await_tries=$((await_tries + 1))
    if [ "$await_tries" -ge 100 ]; then
      cat "$work/layout.trouble" >>"$work/log"
      return 1
    fi
    [ $((await_tries % 10)) -ne 5 ] || blockdev --rereadpt "/dev/$1" >>"$work/log" 2>&1
    sleep 0.1
  done
}

# check_kernel_layout DISK: compares what the kernel has with the layout, in its sectors of 512 bytes (Documentation/ABI/stable/sysfs-block); says what differs.
check_kernel_layout() {
  kernel_number=0
  while IFS='= ,' read -r _ kernel_start _ kernel_size _; do
    case $kernel_start in *MiB) ;; *) continue ;; esac
    kernel_number=$((kernel_number + 1))
    kernel_node=$(partition_node "$1" "$kernel_number")
    kernel_path=$sysfs/block/$1/${kernel_node##*/}
    take_attribute "$kernel_path/start"
    kernel_shown=$attribute
    take_attribute "$kernel_path/size"
    [ "$kernel_shown $attribute" = "$((${kernel_start%MiB} * 2048)) $((${kernel_size%MiB} * 2048))" ] || {
      echo "the kernel has $kernel_node at $kernel_shown with $attribute sectors, not at ${kernel_start} with $kernel_size" >&2
      return 1
    }
    [ -b "$kernel_node" ] || [ "$sysfs" != /sys ] || {
      echo "$kernel_node is not there yet" >&2
      return 1
    }
  done <"$work/layout"
  kernel_count=0
  for kernel_path in "$sysfs/block/$1/"*/partition; do [ ! -e "$kernel_path" ] || kernel_count=$((kernel_count + 1)); done
  [ "$kernel_count" -eq "$kernel_number" ] || {
    echo "the kernel has $kernel_count partitions on $1, not $kernel_number" >&2
    return 1
  }
}

# make_filesystem NODE ROLE SYSTEM: an empty one.
make_filesystem() {
  case $3 in
    vfat) mkfs.vfat -F 32 -n "$(printf '%s' "$2" | LC_ALL=C tr 'a-z' 'A-Z')" "$1" ;;
    # GRUB 2.06 cannot read the two newer features.
    ext4) mkfs.ext4 -F -q -L "$2" -O '^metadata_csum_seed,^orphan_file' -E lazy_itable_init=1,lazy_journal_init=1 "$1" ;;
    swap) mkswap "$1" ;;
    none) : ;;
    *) echo "nothing here makes the file system $3" >&2 && return 1 ;;
  esac >>"$work/log" 2>&1
}
