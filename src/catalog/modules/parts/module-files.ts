/** A file of /etc/modules-load.d or /etc/modprobe.d. */
export interface ConfigFile {
  readonly path: string;
  /** One character a byte. */
  readonly text: string;
}

/** Reads what `printFiles` printed: `lab.file PATH`, the bytes, and `lab.end`. */
export function readFiles(text: string): readonly ConfigFile[] {
  const parts = text.split(/^lab\.file (.*)\n/m);
  const files: ConfigFile[] = [];
  for (let at = 1; at < parts.length; at += 2)
    files.push({
      path: parts[at] ?? '',
      text: (parts[at + 1] ?? '').replace(/lab\.end\n[\s\S]*$/, ''),
    });
  return files;
}

/** Shell text that prints all files of a folder for `readFiles`. */
export function printFiles(folder: string): string {
  return `for file in ${folder}/*; do
  [ -f "$file" ] || continue
  printf 'lab.file %s\\n' "$file"
  cat "$file"
  echo lab.end
done`;
}

/** Whether one of the files has the module loaded at the start (modules-load.d(5)). */
export function isListed(files: readonly ConfigFile[], name: string): boolean {
  return files.some(({ text }) => text.split('\n').some((line) => isModuleLine(line, name)));
}

function isModuleLine(line: string, name: string): boolean {
  return line.replace(/[#;].*$/, '').trim() === name && !/^[\t]/.test(line);
}

/** The parameters that the files give a module, each once (modprobe.d(5)). */
export function optionsIn(files: readonly ConfigFile[], name: string): ReadonlySet<string> {
  const lines = files.flatMap(({ text }) => text.split('\n'));
  return new Set(lines.flatMap((line) => optionsOf(line, name) ?? []));
}

function optionsOf(line: string, name: string): readonly string[] | undefined {
  const [word, module, ...options] = line
    .replace(/[#;].*$/, '')
    .trim()
    .split(/\s+/);
  return word === 'options' && module === name ? options : undefined;
}

/** The files in which lines about the module are commented out. */
export function commentOut(
  files: readonly ConfigFile[],
  kind: 'module' | 'options',
  name: string,
): readonly ConfigFile[] {
  const concerns = (line: string) =>
    kind === 'module' ? isModuleLine(line, name) : optionsOf(line, name) !== undefined;
  return files.flatMap(({ path, text }) => {
    const after = text
      .split('\n')
      .map((line) => (line !== '' && concerns(line) ? `#${line}` : line))
      .join('\n');
    return after === text ? [] : [{ path, text: after }];
  });
}
