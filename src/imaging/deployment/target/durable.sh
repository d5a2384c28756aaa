# shellcheck shell=dash
# Whether what was written is on the disk: the kernel tells of blocks that it could not write only to those who ask. By its path: busybox has a sync of its own, which does not listen.

# sync_device NODE: waits until a block device has all that was written to it; fails when a block of it could not be (fsync(2)).
sync_device() {
  /usr/bin/sync "$1" 2>>"$work/log" && return
  echo "$1 could not be written" >>"$work/log"
  return 1
}

# sync_filesystem FOLDER: the same of a mounted file system (syncfs(2), Linux 5.8), which must have found no error of its own either (Documentation/ABI/testing/sysfs-fs-ext4).
sync_filesystem() {
  /usr/bin/sync -f "$1" 2>>"$work/log" || {
    echo "$1 could not be written" >>"$work/log"
    return 1
  }
  durable_node=$(awk -v folder="$1" '$2 == folder { node = $1 } END { print node }' /proc/mounts)
  take_attribute "$sysfs/fs/ext4/${durable_node##*/}/errors_count"
  case $attribute in '' | 0) return 0 ;; esac
  echo "the file system on $durable_node has found $attribute errors" >>"$work/log"
  return 1
}

# unmount_all: in the order that works; failing is only right when nothing is mounted.
unmount_all() {
  for system_mount in boot/efi run sys/firmware/efi/efivars sys proc dev ''; do
    umount "$target/$system_mount" 2>/dev/null
  done
  ! grep -q " $target" /proc/mounts
}

# finish_writes DISK: the end of every installation: mounted file systems, then each partition and the disk; 1 when a byte is not where it belongs.
finish_writes() {
  for durable_folder in "$target/boot/efi" "$target"; do
    ! grep -q " $durable_folder " /proc/mounts || sync_filesystem "$durable_folder" || return 1
  done
  unmount_all || {
    echo 'the new system could not be unmounted' >>"$work/log"
    return 1
  }
  durable_number=0
  while read -r _; do
    durable_number=$((durable_number + 1))
    sync_device "$(partition_node "$1" "$durable_number")" || return 1
  done <"$job/partition"
  sync_device "/dev/$1"
}
