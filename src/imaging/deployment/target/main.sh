#!/bin/sh
# shellcheck shell=dash
# The deployment system's program, run by the boot script `deploy` of the initramfs: asks for its job, writes the disk, reports. It never writes before the job is read and judged whole.
set -u
LC_ALL=C
export LC_ALL
here=${LABKIT_HERE:-/labkit}
sysfs=/sys udev_data=/run/udev/data kernel_line=/proc/cmdline
work=/run/labkit-work job=$work/job target=/target
disk='' disk_shown='' host_key='' rescue_key='' screen_heading='' root_node='' esp_node='' bios_node='' stage=start
# As long as for a chunk: the service, or the machine that it runs on, may be restarting.
tell_patience=600
for part in job built-in disks settling layout durable screen network talk stream system loader; do
  # shellcheck source=/dev/null
  . "$here/$part.sh"
done

# fail REASON HINT: the end of an installation that did not work. The server has turned the PC to its local disk with the report; this one just waits to be seen.
fail() {
  sync
  unmount_all
  show_failure "$stage" "$1" "$2"
  if [ -e "$job/session" ]; then
    tell_patience=120
    tell failed "reason=$stage: $1" "hint=$2" || say "the failure could not be reported: $ask_trouble"
  fi
  end_badly
}

# end_badly: off after half an hour, never a restart that might begin anew. A key on the console opens a shell meanwhile.
end_badly() {
  [ ! -e "$job/sshkey" ] || open_rescue
  sleep 1800
  turn_off poweroff
  # A firmware that does not switch off must not let the installation go on behind its failure.
  while :; do sleep 3600; done
}

# open_rescue: the technicians of the job may look at the PC; rescue_key is what it answers them with.
open_rescue() {
  mkdir -p /root/.ssh /etc/dropbear && cp "$job/sshkey" /root/.ssh/authorized_keys && chmod 700 /root /root/.ssh && chmod 600 /root/.ssh/authorized_keys
  rescue_file=/etc/dropbear/dropbear_ed25519_host_key
  rescue_key=$(dropbearkey -t ed25519 -f "$rescue_file" 2>>"$work/log" | grep '^ssh-ed25519 ' | cut -d ' ' -f 1,2)
  dropbear -r "$rescue_file" -s -E >>"$work/log" 2>&1 && say 'root can be reached over SSH with a technician'\''s key'
}

# rescue: writes nothing; a shell on the console, and SSH for the technicians.
rescue() {
  if [ -e "$job/sshkey" ] && open_rescue; then
    tell kernel "hostkey=$rescue_key" || say "the host key could not be told: $ask_trouble"
  fi
  show_stage "Rescue: nothing is installed; this PC is $(ip -4 -o addr show dev "$card" | awk '{ print $4 }')"
  exit 0
}

# turn_off HOW: poweroff, else reboot; there is nothing to save any more.
turn_off() {
  sync
  case $1 in
    poweroff) poweroff -f ;;
    *) reboot -f ;;
  esac
}

# enter STAGE TEXT: where a failure is counted to, and what the screen says.
enter() {
  stage=$1
  show_stage "$2"
}

# take_job: from the network card to a job that is read whole.
take_job() {
  enter network 'Looking for the network'
  read_identity
  trouble_file=$work/trouble
  start_network >"$trouble_file" || fail "$(tail -n 1 "$trouble_file")" 'check the cable and the DHCP server, then start the PC again'
  server=$(kernel_value labkit "$kernel_line")
  fits "$server" 'https?://[][A-Za-z0-9.:-]+(/[A-Za-z0-9._~-]+)*' || fail 'the kernel line names no server (labkit=)' 'this is not how Labkit starts it: see docs/netboot-protocol.md'
  enter answers "Asking $server for the job"
  get_token || fail "$ask_trouble" 'is the PC armed? see lab netboot status'
  get_job || fail "$ask_trouble" 'arm the host again with lab reinstall'
  write_heading
  # A PC with an empty battery would refuse certificates and write files from 1970.
  # The clock chip takes up to a second, which nobody needs to wait for.
  date -u -s "@$(cat "$job/now")" >/dev/null && { hwclock -u -w 2>/dev/null & }
}

# find_disk: the rule of the job, and whether the layout fits.
find_disk() {
  enter kernel 'Choosing the disk'
  udevadm settle --timeout=10 2>/dev/null
  wait_for_disk "$(cat "$job/disk")" || fail "$disk_found" 'compare the disk with the register (lab inventory show), or unplug what does not belong there'
  disk=$disk_found
  disk_shown=$(describe_disk "$disk")
  write_heading
  plan_layout "$job/partition" "$(disk_bytes "$disk")" >"$work/layout" || fail "$(tail -n 1 "$work/layout")" 'this image needs a larger disk'
  tell kernel "disk_serial=$(disk_serials "$disk" | first_line)" "disk_wwn=$(disk_wwns "$disk" | first_line)" "disk_bytes=$(disk_bytes "$disk")" "disk_name=$disk" ||
    fail "$ask_trouble" 'is the boot service running?'
  obey kernel
}

# obey STAGE: a report is answered with `go`, or with `stop`; an answer that was cut off is neither, and no leave to write.
obey() {
  case $(first_words "$work/reply.$1") in
    go*) ;;
    stop*) fail "stopped by the server: $(first_words "$work/reply.$1" | cut -c 6-)" 'arm the host again with lab reinstall' ;;
    *) fail 'the server gave no leave to go on' 'is the boot service running?' ;;
  esac
}

# partition_disk: the last look at the disk, then the first write.
partition_disk() {
  stage=writing
  tell writing done=0 "total=$(cat "$job/bytes")" rate=0 || fail "$ask_trouble" 'is the boot service running?'
  obey writing
  enter partition 'Preparing the disk'
  disk_found=$(choose_disk "$(cat "$job/disk")") && [ "$disk_found" = "$disk" ] || fail "the disk changed since it was chosen: $disk_found" 'nothing was written; start again'
  write_layout "$disk" || fail "the disk could not be partitioned: $(tail -n 1 "$work/log" | printable)" 'the disk may be broken: look at its SMART values'
  for layout_role in root esp bios; do
    layout_at=$(partition_number "$layout_role" "$job/partition")
    [ -z "$layout_at" ] || case $layout_role in
      root) root_node=$(partition_node "$disk" "$layout_at") ;;
      esp) esp_node=$(partition_node "$disk" "$layout_at") ;;
      bios) bios_node=$(partition_node "$disk" "$layout_at") ;;
    esac
  done
}

# write_disk: the bytes.
write_disk() {
  enter writing 'Writing the disk'
  if [ "$(cat "$job/kind")" = archive ]; then
    mount_root || fail 'the new root cannot be mounted' 'the disk may be broken'
  fi
  write_image || fail "$(head -n 1 "$work/stop" | printable)" 'lab image verify checks the image; lab runs retry tries this PC again'
}

# finish_system: everything after the bytes. Windows settles itself at its first start.
finish_system() {
  enter system 'Making the system this PC'\''s own'
  if [ "$(cat "$job/kind")" = disk ]; then
    check_filesystems 2>"$work/trouble" || fail "$(tail -n 1 "$work/trouble" | printable)" 'is the image whole? lab image verify'
    grep -q '^root [0-9]* ext4 ' "$job/partition" || return 0
    mount_root || fail 'the new root cannot be mounted' 'is the image whole? lab image verify'
  fi
  root_id=$(filesystem_value "$root_node" UUID) || fail 'the new root has no UUID' 'the disk may be broken'
  mount_around 2>>"$work/log" || fail 'the new system could not be entered' 'is this archive made for this kind of PC?'
  settle_system 2>"$work/trouble" || fail "$(tail -n 1 "$work/trouble" | printable)" 'the archive lacks something a target needs: see docs/netboot-protocol.md'
  enter loader 'Installing the boot loader'
  install_loader 2>"$work/trouble" || fail "$(tail -n 1 "$work/trouble" | printable)" 'the archive lacks GRUB for this firmware, or the disk is broken'
}

# empty_caches: nothing is installed before the disk itself has it.
empty_caches() {
  enter sync 'Emptying the disk cache'
  finish_writes "$disk" || fail "$(tail -n 1 "$work/log" | printable)" 'the disk may be broken: look at its SMART values'
}

# report_installed: until it is answered; a server that has ended the session has nothing left to install either.
report_installed() {
  enter installed 'Installed. Telling the server'
  tell_patience=3600
  if [ -n "$host_key" ]; then set -- "hostkey=$host_key"; else set --; fi
  tell installed "$@" "disk_serial=$(disk_serials "$disk" | first_line)" "disk_bytes=$(disk_bytes "$disk")" "disk_name=$disk" && return 0
  case $ask_status in
    4*) return 0 ;;
    *) turn_off poweroff ;;
  esac
}

mkdir -p "$work" && chmod 700 "$work"
mount -t tmpfs -o size=75%,mode=0700 labkit "$work"
: >"$work/log"
find_consoles
dmesg -n 1
note_disks
take_job
[ "$(cat "$job/kind")" != rescue ] && [ "$(kernel_value labkit_rescue "$kernel_line")" != 1 ] || rescue
find_disk
partition_disk
write_disk
finish_system
empty_caches
report_installed
show_stage 'Done'
turn_off "$(value_of after)"
sleep 60
