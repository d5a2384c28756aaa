/** A file of one-line sources: sources.list(5). */
export interface SourcesFile {
  readonly path: string;
  readonly text: string;
}

/** One line of such a file. Invalid ones (comments, blanks) are kept as they are. */
interface SourceLine {
  readonly raw: string;
  readonly isSource: boolean;
  readonly enabled: boolean;
  /** The source with single spaces. */
  readonly source: string;
  readonly comment: string;
}

const types = new Set(['deb', 'deb-src']);

function parseLine(raw: string): SourceLine {
  const text = raw.trim();
  const enabled = !text.startsWith('#');
  const body = enabled ? text : text.replace(/^[#\s]+/, '');
  const hash = body.indexOf('#');
  const words = (hash > 0 ? body.slice(0, hash) : body).split(/\s+/).filter(Boolean);
  return {
    raw,
    isSource: types.has(words[0] ?? '') && words.length > 1,
    enabled,
    source: words.join(' '),
    comment: hash > 0 ? body.slice(hash + 1).trim() : '',
  };
}

const linesOf = (text: string): SourceLine[] =>
  (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => parseLine(line.replace(/\n$/, '')));

function render(lines: readonly SourceLine[]): string {
  return lines.map((line) => `${renderLine(line)}\n`).join('');
}

function renderLine({ raw, isSource, enabled, source, comment }: SourceLine): string {
  if (!isSource) return raw;
  return `${enabled ? '' : '# '}${source}${comment === '' ? '' : ` # ${comment}`}`;
}

/** The source in a `repo` line, with single spaces and without its comment, which Ansible drops; undefined for a line that is no source. */
export function parseSource(repo: string): string | undefined {
  const { isSource, enabled, source } = parseLine(repo.replaceAll('\n', ' '));
  return isSource && enabled ? source : undefined;
}

/** The file name Ansible gives a source: its address without protocol, account and options, other signs as underscores. */
export function sourceFileName(source: string): string {
  const address =
    source
      .replace(/\[[^\]]+\]/, '')
      .replace(/\w+:\/\//g, '')
      .split(/\s+/)
      .filter((word) => word !== '' && !types.has(word))[0] ?? '';
  const bare = address.includes('@') ? address.slice(address.indexOf('@') + 1) : address;
  return `${bare
    .replace(/[^a-zA-Z0-9]+/g, ' ')
    .trim()
    .replaceAll(' ', '_')}.list`;
}

/** A file as it is to be; `text` is undefined for one that is to go. */
export interface SourcesChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Adds a source to `path` unless a file has it; one that is commented out somewhere is enabled there. */
export function addSource(
  files: readonly SourcesFile[],
  source: string,
  path: string,
): SourcesChange[] {
  const holders = files.filter(({ text }) =>
    linesOf(text).some((line) => line.isSource && line.source === source),
  );
  if (holders.length > 0)
    return holders.flatMap((file) =>
      changeOf(
        file,
        linesOf(file.text).map((line) =>
          line.isSource && line.source === source ? { ...line, enabled: true } : line,
        ),
      ),
    );
  const file = files.find((item) => item.path === path);
  const line: SourceLine = { raw: '', isSource: true, enabled: true, source, comment: '' };
  const after = render([...linesOf(file?.text ?? ''), line]);
  return [{ path, before: file?.text, after }];
}

/** Takes a source out of all files; a file with nothing left in it goes. */
export function removeSource(files: readonly SourcesFile[], source: string): SourcesChange[] {
  return files.flatMap((file) => {
    const lines = linesOf(file.text);
    const kept = lines.filter((line) => !(line.isSource && line.enabled && line.source === source));
    return kept.length === lines.length ? [] : changeOf(file, kept);
  });
}

function changeOf(file: SourcesFile, lines: readonly SourceLine[]): SourcesChange[] {
  const isSame = lines.every(
    (line) => !line.isSource || line.enabled === parseLine(line.raw).enabled,
  );
  if (isSame && lines.length === linesOf(file.text).length) return [];
  const after = lines.length === 0 ? undefined : render(lines);
  return [{ path: file.path, before: file.text, after }];
}
