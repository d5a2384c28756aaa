/** Files of a host by path, as `head -v` prints them; a file that could not be read is not in it. */
export type HostFiles = ReadonlyMap<string, string>;

/** Splits the output of `head -v FILE...` (GNU, BusyBox), which heads each with `==> FILE <==`. */
export function readFiles(stdout: string): HostFiles {
  const files = new Map<string, string>();
  const parts = `\n${stdout}`.split(/\n==> (\/.*) <==(?:\n|$)/);
  for (let index = 1; index < parts.length; index += 2)
    files.set(parts[index] ?? '', parts[index + 1] ?? '');
  return files;
}

/** A file's content without white space around it; undefined when there is nothing. */
export function textOf(files: HostFiles, path: string): string | undefined {
  const text = files.get(path)?.trim();
  return text === '' ? undefined : text;
}

/** The lines of a file; none when it is missing. */
export function linesOf(files: HostFiles, path: string): string[] {
  return (files.get(path) ?? '').split('\n');
}

/** The names a `*` stood for in `before*after`. */
export function namesUnder(files: HostFiles, before: string, after: string): string[] {
  return [...files.keys()]
    .filter(
      (path) =>
        path.startsWith(before) &&
        path.endsWith(after) &&
        path.length > before.length + after.length,
    )
    .map((path) => path.slice(before.length, path.length - after.length))
    .filter((name) => !name.includes('/'));
}
