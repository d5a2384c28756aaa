/** The folder a path is in, without a trailing slash (`/` for the root). */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? (at === 0 ? '/' : '.') : path.slice(0, at);
}

/** The last part of a path. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Joins a path to a folder, unless it is absolute; `.` and `..` are worked out. */
export function joinPath(folder: string, path: string): string {
  return tidyPath(path.startsWith('/') ? path : `${folder}/${path}`);
}

/** Works out `.`, `..` and double slashes of a path. */
export function tidyPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !path.startsWith('/')) parts.push(part);
  }
  const tidy = parts.join('/');
  return path.startsWith('/') ? `/${tidy}` : tidy || '.';
}
