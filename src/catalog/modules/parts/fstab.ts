/** One entry of fstab(5), as a person writes it. */
export interface FstabEntry {
  readonly src: string;
  readonly path: string;
  readonly fstype: string;
  readonly opts: string;
  readonly dump: string;
  readonly passno: string;
}

interface Edited {
  readonly text: string;
  readonly changed: boolean;
}

/** Puts an entry into fstab's text, in the place of the one for its mount point; comments and other lines stay as they are. */
export function setEntry(text: string, entry: FstabEntry): Edited {
  const line = `${fieldsOf(entry).map(escapeField).join(' ')}\n`;
  let found = false;
  let changed = false;
  const lines = linesOf(text).map((old) => {
    const fields = readFields(old);
    if (fields === undefined || !isEntryOf(fields, entry.path, entry.src)) return old;
    found = true;
    // a short line is written out in full, as Ansible does
    if (`${fields.join(' ')}\n` === line) return old;
    changed = true;
    return line;
  });
  if (!found) lines.push(line);
  return { text: lines.join(''), changed: changed || !found };
}

/** Takes the entry of a mount point out. */
export function dropEntry(text: string, path: string, src: string | undefined): Edited {
  const lines = linesOf(text);
  const kept = lines.filter((line) => {
    const fields = readFields(line);
    return fields === undefined || !isEntryOf(fields, path, src);
  });
  return { text: kept.join(''), changed: kept.length < lines.length };
}

function fieldsOf({ src, path, fstype, opts, dump, passno }: FstabEntry): string[] {
  return [src, path, fstype, opts, dump, passno];
}

function readFields(line: string): readonly string[] | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  const fields = text.split(/\s+/);
  return fields.length >= 4 && fields.length <= 6 ? fields : undefined;
}

// several swap areas share the mount point "none": there the source tells
function isEntryOf(fields: readonly string[], path: string, src: string | undefined): boolean {
  const [source, point, fstype] = fields;
  if (point !== escapeField(path)) return false;
  return !(src !== undefined && point === 'none' && fstype === 'swap' && source !== src);
}

function escapeField(text: string): string {
  return text.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('&', '\\046');
}

function linesOf(text: string): string[] {
  const lines = text.split(/(?<=\n)/).filter((line) => line !== '');
  return lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`));
}
