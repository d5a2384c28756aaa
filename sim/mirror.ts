/** Reads from the machine's own apt settings where a Debian or Ubuntu base system can be fetched; pure. */

/** What debootstrap needs to know. */
export interface Mirror {
  readonly suite: string;
  readonly url: string;
  readonly components: readonly string[];
}

interface Source {
  readonly urls: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter(Boolean);

/** One-line format, sources.list(5). */
function parseLine(line: string): Source | undefined {
  const match = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(line.replace(/#.*$/, ''));
  if (match === null) return undefined;
  return { urls: [match[1] ?? ''], suites: [match[2] ?? ''], components: words(match[3]) };
}

/** One deb822 paragraph, sources.list(5); continuation lines begin with a space. */
function parseParagraph(text: string): Source | undefined {
  const fields = new Map<string, string>();
  let field = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    const match = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
    if (match !== null) field = (match[1] ?? '').toLowerCase();
    const value = match === null ? line.trim() : (match[2] ?? '');
    fields.set(field, `${fields.get(field) ?? ''} ${value}`);
  }
  if (!words(fields.get('types')).includes('deb')) return undefined;
  if (words(fields.get('enabled'))[0]?.toLowerCase() === 'no') return undefined;
  return {
    urls: words(fields.get('uris')),
    suites: words(fields.get('suites')),
    components: words(fields.get('components')),
  };
}

/** Reads one file of apt's settings; the name tells the format. */
export function parseSources(name: string, text: string): Source[] {
  const parts = name.endsWith('.sources')
    ? text.split(/\n\s*\n/).map(parseParagraph)
    : text.split('\n').map(parseLine);
  return parts.filter((source) => source !== undefined);
}

/** The value of one variable of os-release(5), or ''. */
export function osReleaseField(text: string, name: string): string {
  const match = new RegExp(`^${name}=(?:"([^"]*)"|(.*))$`, 'm').exec(text);
  return match?.[1] ?? match?.[2] ?? '';
}

/** The mirror of the machine's own release; the distribution's public one where apt names none that debootstrap can use. */
export function selectMirror(osRelease: string, sources: readonly Source[]): Mirror | undefined {
  const suite =
    osReleaseField(osRelease, 'VERSION_CODENAME') || osReleaseField(osRelease, 'UBUNTU_CODENAME');
  const isUbuntu = osReleaseField(osRelease, 'ID') === 'ubuntu';
  if (suite === '') return undefined;
  const found = sources.find(
    (source) =>
      source.suites.includes(suite) &&
      source.components.includes('main') &&
      source.urls.some((url) => /^(https?|file):/.test(url)),
  );
  const url = found?.urls.find((candidate) => /^(https?|file):/.test(candidate));
  const fallback = isUbuntu ? 'http://archive.ubuntu.com/ubuntu' : 'http://deb.debian.org/debian';
  return { suite, url: url ?? fallback, components: isUbuntu ? ['main', 'universe'] : ['main'] };
}
