# shellcheck shell=dash
# Disks come late: an NVMe disk may need seconds to start. A rule that counts disks is followed only when they have come to rest.

# look_at_disks: all that the choice depends on; two equal looks mean that nothing came, went or changed between them.
look_at_disks() {
  for look_entry in "$sysfs"/block/*; do
    case ${look_entry##*/} in loop* | ram* | zram* | '*') continue ;; esac
    take_attribute "$look_entry/size"
    look_size=$attribute
    take_attribute "$look_entry/ro"
    printf '%s %s %s\n' "${look_entry##*/}" "$look_size" "$attribute"
  done
  for look_entry in "$sysfs"/class/nvme/nvme[0-9]*; do
    take_attribute "$look_entry/state"
    printf '%s %s\n' "${look_entry##*/}" "$attribute"
  done
}

# note_disks: takes a look; $disks_since is the time of the first one that was like this.
note_disks() {
  disks_look=$(look_at_disks)
  [ "$disks_look" != "${disks_seen-none}" ] || return 0
  disks_seen=$disks_look disks_since=$(uptime_cs)
}

# is_settling: whether a controller says that it is still starting its disk (nvme_sysfs_show_state of drivers/nvme/host).
is_settling() {
  for settling_entry in "$sysfs"/class/nvme/nvme[0-9]*; do
    take_attribute "$settling_entry/state"
    case $attribute in new | connecting | resetting) return 0 ;; esac
  done
  return 1
}

# are_disks_settled: whether the disks have been the same for five seconds and none is on its way.
are_disks_settled() {
  note_disks
  [ $(($(uptime_cs) - disks_since)) -ge 500 ] && ! is_settling
}

# counts_disks RULE: a serial number or a WWN names one disk, whatever comes later; the only one, or one by its size, can be told only when all are there.
counts_disks() {
  case $1 in only | 'fingerprint - - '*) ;; *) return 1 ;; esac
}

# wait_for_disk RULE: leaves the chosen disk in $disk_found, or why there is none and returns 1. A disk may take fifteen seconds to come, and all of them a minute to come to rest.
wait_for_disk() {
  wait_end=$(($(uptime_cs) + 1500)) wait_last=$(($(uptime_cs) + 6000))
  disk_found='the disks of this PC do not come to rest'
  until [ "$(uptime_cs)" -ge "$wait_last" ]; do
    if ! counts_disks "$1" || are_disks_settled; then
      ! disk_found=$(choose_disk "$1") || return 0
      [ "$(uptime_cs)" -lt "$wait_end" ] || return 1
    fi
    sleep 0.2
  done
  return 1
}
