import { type Command, sh } from '../../../model/command.ts';

/** One file or folder of a host, with its path below the folder that was listed. */
export interface HostEntry {
  readonly path: string;
  readonly isFolder: boolean;
  readonly isFile: boolean;
  readonly mode: number;
  readonly size: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
  readonly sha1: string;
}

/** What a place of a host is, and what is in it. */
export interface HostTree {
  readonly kind: 'absent' | 'folder' | 'file';
  readonly entries: ReadonlyMap<string, HostEntry>;
  /** Of a file. */
  readonly self: HostEntry | undefined;
}

/** Prints what is at a place for `readTree`; digests only where they are asked for. */
export function listScript(path: { readonly script: string }, withDigests: boolean): Command {
  return sh`place=${path} digests=${withDigests ? 'yes' : ''}
${{
  script: `printf 'lab.place %s\\n' "$place"
if [ -d "$place" ]; then echo lab.folder; place=\${place%/}/
elif [ -e "$place" ]; then echo lab.file
else echo lab.absent; exit 0; fi
find "$place" -exec stat -c '%F|%a|%s|%Y|%n' {} +
[ -z "$digests" ] || { echo lab.digests; find "$place" -type f -exec sha1sum {} +; }
true`,
}}`;
}

/** Reads what the list script printed; names with line breaks are passed over. */
export function readTree(text: string): HostTree & { readonly place: string } {
  const [top = '', digests = ''] = text.split(/^lab\.digests$/m);
  const lines = top.split('\n');
  const place = (lines[0] ?? '').replace(/^lab\.place /, '');
  const kind = (lines[1] ?? '').replace(/^lab\./, '') as HostTree['kind'];
  const base = kind === 'folder' ? `${place.replace(/\/$/, '')}/` : place;
  const sums = readDigests(digests, base);
  const entries = new Map<string, HostEntry>();
  let self: HostEntry | undefined;
  for (const line of lines.slice(2)) {
    const [type = '', mode = '', size, mtime, ...name] = line.split('|');
    const full = name.join('|');
    if (!full.startsWith(base)) continue;
    const path = full.slice(base.length);
    const entry: HostEntry = {
      path,
      isFolder: type === 'directory',
      isFile: type.startsWith('regular'),
      mode: Number.parseInt(mode, 8),
      size: Number(size),
      mtime: Number(mtime),
      sha1: sums.get(path) ?? '',
    };
    if (path === '') self = entry;
    else entries.set(path, entry);
  }
  return { place, kind, entries, self };
}

function readDigests(text: string, base: string): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, sum, path] = /^([0-9a-f]{40}) [ *](.*)$/.exec(line) ?? [];
    if (sum !== undefined && path?.startsWith(base)) sums.set(path.slice(base.length), sum);
  }
  return sums;
}
