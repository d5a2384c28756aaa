/** Run in the new root before anything is rolled out: languages, network by systemd-networkd, and no service ever started. Locales are its arguments. */
export const settleScript = `set -e
for locale; do echo "$locale UTF-8"; done >/etc/locale.gen
locale-gen >/dev/null
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
systemctl enable systemd-networkd systemd-resolved ssh
systemctl disable systemd-networkd-wait-online.service
`;

/** Run in the new root at the end: what must differ from PC to PC, or belongs to the machine it was made on, goes (machine-id(5), sshd(8)). */
export const tidyScript = `set -e
rm -f /usr/sbin/policy-rc.d /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub
rm -f /etc/hostname /etc/hosts /etc/resolv.conf /var/lib/dbus/machine-id /var/lib/systemd/random-seed
ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
: >/etc/machine-id
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*
rm -rf /var/log/apt /var/log/dpkg.log /var/log/bootstrap.log /var/log/alternatives.log
rm -rf /var/cache/debconf/*-old /var/lib/dpkg/*-old /root/.bash_history /tmp/* /tmp/.[!.]* /var/tmp/* /run/*
find /etc -xdev -name '*-' -type f -path '/etc/*' -maxdepth 1 -delete
`;

/** Says what a root lacks that a target needs to make it bootable; one line each. */
export const judgeScript = `for path in /usr/sbin/sshd /usr/bin/sudo /usr/sbin/grub-install /usr/lib/grub/i386-pc/moddep.lst \\
  /usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed /usr/lib/shim/shimx64.efi.signed /lib/systemd/systemd; do
  [ -e "$path" ] || echo "$path"
done
ls /boot/vmlinuz-* >/dev/null 2>&1 || echo 'a kernel in /boot'
ls /boot/initrd.img-* >/dev/null 2>&1 || echo 'an initramfs in /boot'
`;
