/** The folder a path is in. */
export function folderOf(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  const at = trimmed.lastIndexOf('/');
  if (at === -1) return '.';
  return trimmed.slice(0, at).replace(/\/+$/, '') || '/';
}

/** The last part of a path; '' when it ends in `/`. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path below another. */
export function joinPath(folder: string, name: string): string {
  if (name.startsWith('/')) return name;
  return folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

/** All folders above a path, the outermost first, without `/`. */
export function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let at = folderOf(path); at !== '/' && at !== '.'; at = folderOf(at)) parents.unshift(at);
  return parents;
}
