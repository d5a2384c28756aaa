# shellcheck shell=dash
# Makes the unpacked system this PC's own.

# in_target COMMAND...: runs a program of the new system.
in_target() {
  chroot "$target" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "$@" >>"$work/log" 2>&1
}

# mount_root: the root partition; a disk image's is checked and grown first.
mount_root() {
  mkdir -p "$target"
  if [ "$(cat "$job/kind")" = disk ]; then
    e2fsck -f -p "$root_node" >>"$work/log" 2>&1
    [ $? -le 1 ] || return 1
    resize2fs "$root_node" >>"$work/log" 2>&1 || return 1
  fi
  mount -t ext4 -o noatime,noinit_itable "$root_node" "$target" 2>>"$work/log"
}

# mount_around: what programs of the new system expect, and its ESP.
mount_around() {
  for system_mount in dev proc sys run; do mkdir -p "$target/$system_mount"; done
  mount --bind /dev "$target/dev" && mount -t proc proc "$target/proc" && mount -t sysfs sysfs "$target/sys" || return 1
  mount -t tmpfs tmpfs "$target/run" || return 1
  if [ -n "$esp_node" ]; then
    mkdir -p "$target/boot/efi"
    mount -t vfat "$esp_node" "$target/boot/efi" 2>>"$work/log" || return 1
  fi
}

# filesystem_value NODE KEY: what is on a partition (TYPE, UUID), read from the disk and not from a cache; 1 where blkid cannot tell.
filesystem_value() {
  filesystem_text=$(blkid -p -o value -s "$2" "$1" 2>>"$work/log") && [ -n "$filesystem_text" ] || return 1
  printf '%s\n' "$filesystem_text"
}

# check_filesystems: every partition holds the file system that the job says; an image that brought another one, or none that can be told, was not written right.
check_filesystems() {
  check_number=0
  while read -r check_role _ check_wanted _; do
    check_number=$((check_number + 1))
    [ "$check_wanted" != none ] || continue
    check_found=$(filesystem_value "$(partition_node "$disk" "$check_number")" TYPE) || check_found='nothing that can be told'
    [ "$check_found" = "$check_wanted" ] || {
      echo "the partition $check_role holds $check_found, not $check_wanted" >&2
      return 1
    }
  done <"$job/partition"
}

# write_fstab: by UUID, so that another disk in the PC changes nothing (fstab(5)). Without the EFI partition, or before it is
# found, a system is worth reaching: it must not end in emergency mode, where nobody can log in over the network (systemd.mount(5), nofail).
write_fstab() {
  {
    echo '# <file system> <mount point> <type> <options> <dump> <pass>'
    echo "UUID=$root_id / ext4 errors=remount-ro 0 1"
    if [ -n "$esp_node" ]; then fstab_esp=$(filesystem_value "$esp_node" UUID) && echo "UUID=$fstab_esp /boot/efi vfat umask=0077,nofail 0 1" || return 1; fi
    swap_line
  } >"$target/etc/fstab"
}

# swap_line: the swap partition in the words of fstab(5), where the layout has one.
swap_line() {
  swap_number=$(partition_number swap "$job/partition")
  [ -n "$swap_number" ] || return 0
  swap_id=$(filesystem_value "$(partition_node "$disk" "$swap_number")" UUID) && echo "UUID=$swap_id none swap sw 0 0"
}

# write_swap: an image of a disk brings its fstab; its swap partition is made here, and is another one.
write_swap() {
  [ -e "$target/etc/fstab" ] || return 0
  awk '$1 ~ /^#/ || $3 != "swap"' "$target/etc/fstab" >"$work/fstab" && swap_line >>"$work/fstab" && cat "$work/fstab" >"$target/etc/fstab"
}

# write_names: host name, hosts(5), machine-id(5), random seed.
write_names() {
  host_name=$(cat "$job/hostname") host_domain=$(value_of domain)
  echo "$host_name" >"$target/etc/hostname"
  {
    echo '127.0.0.1 localhost'
    echo "127.0.1.1 ${host_domain:+$host_name.$host_domain }$host_name"
    printf '::1 localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n'
  } >"$target/etc/hosts"
  tr -d '-' </proc/sys/kernel/random/uuid >"$target/etc/machine-id"
  if [ -d "$target/var/lib/dbus" ]; then ln -sf /etc/machine-id "$target/var/lib/dbus/machine-id"; fi
  # A seed out of the archive would be the same on every PC (systemd-random-seed(8)).
  if [ -d "$target/var/lib/systemd" ]; then (umask 077 && head -c 512 /dev/urandom >"$target/var/lib/systemd/random-seed"); fi
}

# write_region: time zone, language, keyboard; each only where the new system knows it.
write_region() {
  region_zone=$(value_of timezone) region_locale=$(value_of locale) region_keys=$(value_of keymap)
  if [ -n "$region_zone" ] && [ -f "$target/usr/share/zoneinfo/$region_zone" ]; then
    ln -sf "/usr/share/zoneinfo/$region_zone" "$target/etc/localtime"
    echo "$region_zone" >"$target/etc/timezone"
  fi
  if [ -n "$region_locale" ]; then
    mkdir -p "$target/etc/default"
    printf 'LANG=%s\n' "$region_locale" >"$target/etc/default/locale"
    make_locale "$region_locale"
  fi
  # A keyboard file that is newer than the archive's would be compiled anew at the first start, for minutes.
  if [ -n "$region_keys" ] && ! grep -qs "^XKBLAYOUT=\"$region_keys\"" "$target/etc/default/keyboard"; then
    printf 'KEYMAP=%s\n' "$region_keys" >"$target/etc/vconsole.conf"
    printf 'XKBMODEL="pc105"\nXKBLAYOUT="%s"\nXKBVARIANT=""\nXKBOPTIONS=""\nBACKSPACE="guess"\n' "$region_keys" >"$target/etc/default/keyboard"
  fi
}

# make_locale NAME: generates one that the archive left out; that takes long, so archives bring theirs.
make_locale() {
  [ -x "$target/usr/sbin/locale-gen" ] && [ -f "$target/usr/share/i18n/SUPPORTED" ] || return 0
  locale_name=$(printf '%s' "${1%%.*}" | plain)
  chroot "$target" /usr/bin/locale -a 2>/dev/null | sed 's/\..*//' | plain | grep -Fqx -- "$locale_name" && return 0
  locale_line=$(grep -F -- "$1 " "$target/usr/share/i18n/SUPPORTED" | head -n 1)
  [ -n "$locale_line" ] || return 0
  echo "$locale_line" >>"$target/etc/locale.gen"
  in_target locale-gen || :
}

# keep_keys FILE: the technicians' keys, readable by their owner only.
keep_keys() {
  mkdir -p "${1%/*}" && chmod 700 "${1%/*}" && value_of sshkey >"$1" && chmod 600 "$1"
}

# write_access: one new host key, root's keys, the technicians' account.
write_access() {
  rm -f "$target"/etc/ssh/ssh_host_*
  in_target ssh-keygen -q -t ed25519 -N '' -C "root@$(cat "$job/hostname")" -f /etc/ssh/ssh_host_ed25519_key || return 1
  host_key=$(cut -d ' ' -f 1,2 "$target/etc/ssh/ssh_host_ed25519_key.pub")
  [ -e "$job/sshkey" ] || return 0
  keep_keys "$target/root/.ssh/authorized_keys" || return 1
  access_user=$(value_of user)
  [ -n "$access_user" ] || return 0
  in_target id -u "$access_user" || in_target useradd --create-home --shell /bin/bash "$access_user" || return 1
  keep_keys "$target/home/$access_user/.ssh/authorized_keys" || return 1
  in_target chown -R "$access_user:" "/home/$access_user/.ssh" || return 1
  # The account has no password to ask for.
  if [ -d "$target/etc/sudoers.d" ]; then
    (umask 0337 && echo "$access_user ALL=(ALL:ALL) NOPASSWD: ALL" >"$target/etc/sudoers.d/labkit")
  fi
}

# write_network: DHCP that says the MAC address, as the boot loader did, so that the PC keeps its address; with what the new system has.
write_network() {
  if [ -d "$target/etc/NetworkManager" ]; then
    mkdir -p "$target/etc/NetworkManager/conf.d"
    printf '[connection]\nipv4.dhcp-client-id=mac\n' >"$target/etc/NetworkManager/conf.d/labkit.conf"
  elif [ -e "$target/usr/sbin/ifup" ] || [ -e "$target/sbin/ifup" ]; then
    printf 'source /etc/network/interfaces.d/*\n\nauto lo\niface lo inet loopback\n\nallow-hotplug %s\niface %s inet dhcp\n' "$card" "$card" >"$target/etc/network/interfaces"
    # dhclient sends no client identifier by default; the server then goes by the MAC address.
  elif [ -d "$target/etc/systemd/network" ]; then
    printf '[Match]\nType=ether\nKind=!*\n\n[Network]\nDHCP=yes\n\n[DHCPv4]\nClientIdentifier=mac\n' >"$target/etc/systemd/network/80-labkit.network"
    enable_service systemd-networkd || return 1
    [ ! -e "$target/usr/lib/systemd/system/systemd-resolved.service" ] || enable_service systemd-resolved || return 1
  fi
}

# enable_service NAME: so that it starts with the new system; archives mostly bring it so.
enable_service() {
  for service_link in "$target"/etc/systemd/system/*.target.wants/"$1.service"; do [ ! -L "$service_link" ] || return 0; done
  in_target systemctl enable "$1"
}

# write_resolver: the name servers of now, for a system in which nothing else writes them.
write_resolver() {
  [ ! -e "$target/usr/lib/systemd/system/systemd-resolved.service" ] && [ ! -L "$target/etc/resolv.conf" ] || return 0
  [ -z "${network_dns:-}" ] || echo "nameserver $network_dns" >"$target/etc/resolv.conf"
  [ ! -s /run/labkit-dns ] || cat /run/labkit-dns >"$target/etc/resolv.conf"
}

# write_stamp: which image this is.
write_stamp() {
  mkdir -p "$target/etc/labkit"
  printf '%s %s\n' "$(cat "$job/image")" "$(cat "$job/stamp")" >"$target/etc/labkit/image"
}

# settle_system: all of it; the name of the part that failed is printed.
settle_system() {
  settle_parts='write_names write_region write_access write_network write_resolver write_stamp'
  if [ "$(cat "$job/kind")" = archive ]; then settle_parts="write_fstab $settle_parts"; else settle_parts="write_swap $settle_parts"; fi
  for settle_part in $settle_parts; do
    "$settle_part" || {
      echo "$settle_part failed" >&2
      return 1
    }
  done
}
