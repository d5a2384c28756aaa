/** Debian packages of the deployment system; the kernel is Debian's own signed one, so that it starts under Secure Boot. */
export const systemPackages = [
  'linux-image-amd64',
  'initramfs-tools',
  'busybox',
  'udev',
  'kmod',
  'partclone',
  'zstd',
  'tar',
  'fdisk',
  'util-linux',
  'curl',
  'e2fsprogs',
  'dosfstools',
  'efibootmgr',
  'dropbear-bin',
] as const;

/** The Debian release that the deployment system is made of, whatever it installs. */
export const systemSuite = 'bookworm';

/** Kernel and initramfs together, bytes: what a boot loader brings over TFTP in bearable time. */
export const mostBytes = 60 * 1000 * 1000;

/** Settings of mkinitramfs (initramfs.conf(5)): drivers of every PC, not of the machine it is built on. */
export const initramfsSettings = 'MODULES=most\nCOMPRESS=zstd\nBUSYBOX=y\nKEYMAP=n\nRESUME=none\n';

/** Run in the finished root with the name of a folder for the results: kernel, initramfs and what they were made of. */
export const packScript = `set -e
version=$(ls /lib/modules | sort -V | tail -n 1)
chmod 755 /usr/share/initramfs-tools/hooks/labkit
mkinitramfs -o "$1/initrd.img" "$version"
cp "/boot/vmlinuz-$version" "$1/vmlinuz"
dpkg-query -W -f '\${Package} \${Version}\\n' >"$1/packages"
`;
