# shellcheck shell=dash
# The boot loader of the new system: GRUB in the BIOS boot partition, shim and GRUB in the EFI system partition. Both, where both fit: such a disk starts with either firmware.

# console_words: the console= arguments this system was started with; a PC that is watched over a serial line stays so.
console_words() {
  tr ' ' '\n' <"$kernel_line" | grep -E '^console=[A-Za-z0-9,]+$' | tr '\n' ' '
}

# write_menu: settings for update-grub, and a first menu of one entry: to run update-grub here would take longer than all else.
write_menu() {
  menu_kernel=$(cd "$target/boot" && ls -1 vmlinuz-* | sort -V | tail -n 1)
  [ -n "$menu_kernel" ] || return 1
  menu_version=${menu_kernel#vmlinuz-} menu_consoles=$(console_words)
  [ -e "$target/boot/initrd.img-$menu_version" ] || return 1
  mkdir -p "$target/boot/grub" "$target/etc/default/grub.d"
  printf 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX %s"\n' "$menu_consoles" >"$target/etc/default/grub.d/labkit.cfg"
  menu_words=$(chroot "$target" /bin/sh -c 'for file in /etc/default/grub /etc/default/grub.d/*.cfg; do [ ! -e "$file" ] || . "$file"; done; echo "$GRUB_CMDLINE_LINUX $GRUB_CMDLINE_LINUX_DEFAULT"' 2>>"$work/log")
  cat >"$target/boot/grub/grub.cfg" <<MENU
# The first menu of this system, by Labkit; update-grub replaces it.
set default=0
set timeout_style=menu
set timeout=2
search --no-floppy --fs-uuid --set=root $root_id
menuentry '$(cat "$job/image")' {
  linux /boot/$menu_kernel root=UUID=$root_id ro $menu_words
  initrd /boot/initrd.img-$menu_version
}
MENU
}

# install_bios: GRUB's core image into the BIOS boot partition.
install_bios() {
  [ -n "$bios_node" ] && [ -d "$target/usr/lib/grub/i386-pc" ] || return 2
  in_target grub-install --target=i386-pc --no-floppy "/dev/$disk"
}

# vendor_folder: the folder of the ESP that the distribution's signed GRUB reads its configuration from.
vendor_folder() {
  sed -n 's/^ID="\{0,1\}\([a-z]*\).*/\1/p' "$target/etc/os-release" | head -n 1
}

# install_efi: shim and the signed GRUB, under their own name and as what the firmware starts when it has forgotten all entries (UEFI specification 3.5.1.1).
install_efi() {
  efi_shim=$target/usr/lib/shim/shimx64.efi.signed efi_grub=$target/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed
  [ -n "$esp_node" ] && [ -e "$efi_shim" ] && [ -e "$efi_grub" ] || return 2
  efi_vendor=$(vendor_folder)
  efi_folder=$target/boot/efi/EFI
  mkdir -p "$efi_folder/$efi_vendor" "$efi_folder/BOOT" || return 1
  cp "$efi_shim" "$efi_folder/$efi_vendor/shimx64.efi" && cp "$efi_shim" "$efi_folder/BOOT/BOOTX64.EFI" || return 1
  for efi_name in "$efi_vendor" BOOT; do cp "$efi_grub" "$efi_folder/$efi_name/grubx64.efi" || return 1; done
  if [ -e "$target/usr/lib/shim/mmx64.efi.signed" ]; then cp "$target/usr/lib/shim/mmx64.efi.signed" "$efi_folder/$efi_vendor/mmx64.efi"; fi
  # shellcheck disable=SC2016 # GRUB's variables
  printf 'search.fs_uuid %s root\nset prefix=($root)/boot/grub\nconfigfile $prefix/grub.cfg\n' "$root_id" >"$efi_folder/$efi_vendor/grub.cfg"
}

# order_entries ORDER NETWORK NEW: the boot order with NEW behind the network entries it begins with: a PC that starts from the network first goes on doing so.
order_entries() {
  order_head='' order_tail='' order_leading=yes
  for order_entry in $(echo "$1" | tr ',' ' '); do
    [ "$order_entry" != "$3" ] || continue
    case " $2 " in *" $order_entry "*) ;; *) order_leading=no ;; esac
    if [ "$order_leading" = yes ]; then order_head="$order_head$order_entry,"; else order_tail="$order_tail,$order_entry"; fi
  done
  echo "$order_head$3$order_tail"
}

# register_efi: an entry in the firmware's boot order, instead of those that earlier installations left.
register_efi() {
  efi_label=$(value_of image)
  efibootmgr >"$work/entries.old" 2>>"$work/log" || return 1
  sed -n "s/^Boot\([0-9A-F]\{4\}\)[* ] Labkit .*/\1/p" "$work/entries.old" | while read -r efi_old; do
    efibootmgr -q -b "$efi_old" -B 2>>"$work/log"
  done
  # -C leaves the order alone.
  efibootmgr -C -d "/dev/$disk" -p "$(partition_number esp "$job/partition")" -L "Labkit $efi_label" -l "\\EFI\\$efi_vendor\\shimx64.efi" >>"$work/log" 2>&1 || return 1
  efibootmgr -v >"$work/entries" 2>>"$work/log" || return 1
  efi_new=$(sed -n "s/^Boot\([0-9A-F]\{4\}\)[* ] Labkit .*/\1/p" "$work/entries" | tail -n 1)
  efi_order=$(sed -n 's/^BootOrder: //p' "$work/entries")
  efi_network=$(sed -n '/MAC(\|IPv4\|IPv6\|PXE/s/^Boot\([0-9A-F]\{4\}\).*/\1/p' "$work/entries" | tr '\n' ' ')
  efibootmgr -q -o "$(order_entries "$efi_order" "$efi_network" "$efi_new")" 2>>"$work/log"
}

# install_loader: what the firmware of now needs must succeed; the other is a courtesy.
install_loader() {
  write_menu || { echo 'the archive has no kernel in /boot' >&2; return 1; }
  install_efi
  efi_status=$?
  if [ "$firmware" = uefi ]; then
    [ $efi_status -eq 0 ] || { echo 'shim or GRUB could not be put into the EFI system partition' >&2; return 1; }
    register_efi || say 'the firmware took no boot entry; it starts \EFI\BOOT\BOOTX64.EFI instead'
  else
    install_bios || { echo 'grub-install failed' >&2; return 1; }
  fi
}
