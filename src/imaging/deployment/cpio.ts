/** A file of an initramfs; `path` without a slash at its start, `mode` such as 0o755. */
export interface CpioFile {
  readonly path: string;
  readonly mode: number;
  readonly text: string;
}

const regularFile = 0o100000;
const folder = 0o040000;

/** An archive in the form the kernel unpacks (newc; Documentation/driver-api/early-userspace/buffer-format.rst): folders before what is in them, no times, padded to whole blocks so that it can follow or precede another one. */
export function renderCpio(files: readonly CpioFile[]): Uint8Array {
  const folders = [...new Set(files.flatMap(({ path }) => foldersOf(path)))];
  const entries = [
    ...folders.map((path) => renderEntry(path, folder | 0o755, Buffer.alloc(0))),
    ...files.map(({ path, mode, text }) =>
      renderEntry(path, regularFile | mode, Buffer.from(text)),
    ),
    renderEntry('TRAILER!!!', 0, Buffer.alloc(0)),
  ];
  return pad(Buffer.concat(entries), 512);
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

function renderEntry(path: string, mode: number, content: Uint8Array): Uint8Array {
  const name = Buffer.from(`${path}\0`);
  // ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check
  const numbers = [0, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = `070701${numbers.map((each) => each.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([pad(Buffer.concat([Buffer.from(header), name]), 4), pad(content, 4)]);
}

function pad(bytes: Uint8Array, to: number): Uint8Array {
  const lacking = (to - (bytes.length % to)) % to;
  return lacking === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(lacking)]);
}
