import type { TemplateEffects } from './effects.ts';
import { baseName, folderOf, joinPath } from './paths.ts';

/** Files that match a pattern with `*`, `?` and `[…]`, sorted; hidden ones only when the pattern begins with a dot. */
export function globFiles(pattern: string, effects: TemplateEffects): string[] {
  return globPaths(pattern, effects).filter((path) => effects.pathAt(path)?.kind === 'file');
}

function globPaths(pattern: string, effects: TemplateEffects): string[] {
  if (!/[*?[]/.test(pattern)) return effects.pathAt(pattern) ? [pattern] : [];
  const folder = folderOf(pattern);
  const name = baseName(pattern);
  const folders =
    folder === '' || folder === '/' || folder === pattern ? [folder] : globPaths(folder, effects);
  if (!/[*?[]/.test(name))
    return folders.map((at) => joinPath(at, name)).filter((path) => effects.pathAt(path));
  const wanted = globPattern(name);
  return folders.flatMap((at) =>
    effects
      .listFolder(at === '' ? '.' : at)
      .filter((entry) => wanted.test(entry) && (!entry.startsWith('.') || name.startsWith('.')))
      .map((entry) => joinPath(at, entry)),
  );
}

function globPattern(name: string): RegExp {
  const source = name.replaceAll(
    /\[(!?)(\][^\]]*|[^\]]+)\]|[*?]|[\\^$.+(){}|[\]/]/g,
    (sign, not, set: string | undefined) => {
      if (sign === '*') return '[^/]*';
      if (sign === '?') return '[^/]';
      if (set === undefined) return `\\${sign}`;
      return `[${not === '!' ? '^' : ''}${set.replaceAll(/[\\\]^]/g, '\\$&')}]`;
    },
  );
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    // a range the wrong way round holds no character
    return /(?!)/;
  }
}
