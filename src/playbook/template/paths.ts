/** Paths as Python's `os.path` treats them on Linux. */
export function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}

export function joinPath(first: string, ...others: readonly string[]): string {
  return others.reduce((path, part) => {
    if (part.startsWith('/')) return part;
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
  }, first);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `os.path.dirname`. */
export function folderOf(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

/** `os.path.splitext`: the ending keeps its dot; leading dots are none. */
export function splitEnding(path: string): [string, string] {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || /^\.+$/.test(name.slice(0, dot))) return [path, ''];
  const at = path.length - name.length + dot;
  return [path.slice(0, at), path.slice(at)];
}

/** `os.path.normpath`. */
export function normalizePath(path: string): string {
  const root = /^\/\/(?!\/)/.test(path) ? '//' : path.startsWith('/') ? '/' : '';
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (root === '') parts.push(part);
  }
  return root + parts.join('/') || '.';
}

/** `os.path.relpath` between absolute paths. */
export function relativePath(path: string, from: string): string {
  const to = normalizePath(path).split('/').filter(Boolean);
  const start = normalizePath(from).split('/').filter(Boolean);
  let same = 0;
  while (same < to.length && same < start.length && to[same] === start[same]) same++;
  const parts = [...start.slice(same).map(() => '..'), ...to.slice(same)];
  return parts.join('/') || '.';
}
