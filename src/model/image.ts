/** One file of an image as it is sent to targets: whole chunks of `chunkBytes`, the last one shorter. */
export interface ImageFile {
  /** A plain file name in the image's folder. */
  readonly name: string;
  /** What it is for: the root file system as tar.zst, or a partition as a partclone stream (zstd). */
  readonly role: 'root-archive' | 'partition';
  readonly bytes: number;
  /** What it unpacks to, or 0 where nobody counted. */
  readonly contentBytes: number;
  /** SHA-256 of the whole, hex. */
  readonly sha256: string;
  readonly chunkBytes: number;
  /** SHA-256 of each chunk, hex. */
  readonly chunks: readonly string[];
  /** For a partition: which one of the layout, from 1. */
  readonly partition?: number;
}

/** A partition of an image's layout, in the order of the disk. */
export interface ImagePartition {
  /** esp: mounted at /boot/efi; bios: BIOS boot area of GRUB; root; swap; data. */
  readonly role: 'esp' | 'bios' | 'root' | 'swap' | 'data';
  readonly mebibytes: number;
  /** Takes what is left of the disk. */
  readonly grows: boolean;
  readonly filesystem: 'vfat' | 'ext4' | 'ntfs' | 'swap' | 'none';
}

/** An image folder's `manifest.json` (`lab.image/1`): an operating system that the deployment system can write to a disk. */
export interface Image {
  readonly schema: 'lab.image/1';
  readonly name: string;
  readonly kind: 'archive' | 'disk';
  /** Such as `Debian GNU/Linux 12 (bookworm)`. */
  readonly title: string;
  readonly arch: 'amd64' | 'arm64';
  /** ISO 8601. */
  readonly madeAt: string;
  /** What it was made from: profile, package list, playbook, mirror. */
  readonly origin: { readonly [name: string]: string };
  readonly layout: readonly ImagePartition[];
  readonly files: readonly ImageFile[];
  /** Installed packages and versions, for a report. */
  readonly packages: readonly { readonly name: string; readonly version: string }[];
  /** SHA-256 over everything above but `madeAt`; the stamp that a written system carries in /etc/labkit/image. */
  readonly stamp: string;
}
