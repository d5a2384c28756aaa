/** Reads `--exclude` patterns out of options for rsync; `unknown` is the first that is something else. */
export function readExcludes(options: readonly string[]): {
  readonly patterns: readonly string[];
  readonly unknown?: string;
} {
  const patterns: string[] = [];
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at] ?? '';
    const [, inline] = /^--exclude=(.*)$/s.exec(option) ?? [];
    if (inline !== undefined) patterns.push(unquote(inline));
    else if (option === '--exclude' && options[at + 1] !== undefined)
      patterns.push(unquote(options[++at] ?? ''));
    else return { patterns, unknown: option };
  }
  return { patterns };
}

function unquote(text: string): string {
  return /^(['"]).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

/** Whether a path below the transfer's root, or a folder above it, is left out (rsync(1), "PATTERN MATCHING RULES"). */
export function isExcluded(path: string, isFolder: boolean, patterns: readonly string[]): boolean {
  const parts = path.split('/');
  return parts.some((_, at) => {
    const part = parts.slice(0, at + 1).join('/');
    const isInner = at < parts.length - 1;
    return patterns.some((pattern) => matches(part, isInner || isFolder, pattern));
  });
}

function matches(path: string, isFolder: boolean, pattern: string): boolean {
  if (pattern.endsWith('/') && !isFolder) return false;
  const bare = pattern.replace(/\/$/, '');
  const anchored = bare.startsWith('/');
  const body = toRegex(anchored ? bare.slice(1) : bare);
  const isNameOnly = !bare.includes('/') && !bare.includes('**');
  const subject = isNameOnly ? path.slice(path.lastIndexOf('/') + 1) : path;
  return new RegExp(`${anchored || isNameOnly ? '^' : '(^|/)'}${body}$`, 's').test(subject);
}

function toRegex(pattern: string): string {
  return pattern.replace(/\*\*|\*|\?|\[!?\]?[^\]]*\]|[\s\S]/g, (token) => {
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 1) return token.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return token.replace(/[\\^$.|+(){}[\]]/g, '\\$&');
  });
}
