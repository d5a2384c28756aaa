import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { systemSuite } from './recipe.ts';

/** Where the packages of the deployment system come from, as lines of sources.list(5): the mirror a person named, else what this machine itself uses for the release; none for Debian's own servers. */
export async function parseMirror(
  mirror: string | undefined,
  aptFolder = '/etc/apt',
): Promise<string[]> {
  if (mirror === undefined) return readSources(aptFolder);
  if (!/^https?:\/\/[\w.:[\]-]+(\/[\w.~%-]+)*\/?$/.test(mirror))
    throw new LabError(
      'usage',
      `--mirror ${JSON.stringify(mirror)} is not the URL of a mirror`,
      'write one such as http://deb.debian.org/debian',
    );
  return [`deb ${mirror} ${systemSuite} main`];
}

async function readSources(aptFolder: string): Promise<string[]> {
  const parts = join(aptFolder, 'sources.list.d');
  const names = (await readdir(parts).catch(() => [])).sort().map((name) => join(parts, name));
  const lines: string[] = [];
  for (const file of [join(aptFolder, 'sources.list'), ...names]) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (file.endsWith('.list')) lines.push(...selectLines(text));
    if (file.endsWith('.sources')) lines.push(...selectParagraphs(text));
  }
  return [...new Set(lines)];
}

const suites = [systemSuite, `${systemSuite}-updates`, `${systemSuite}-security`];

/** Entries of the one-line style; those with options of their own belong to somebody else. */
function selectLines(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, uri = '', suite = '', rest = ''] =
      /^deb\s+(https?:\/\/\S+)\s+(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    return suites.includes(suite) && rest.split(/\s+/).includes('main')
      ? [`deb ${uri} ${suite} main`]
      : [];
  });
}

/** Entries of the deb822 style that Debian's own keys vouch for. */
function selectParagraphs(text: string): string[] {
  return text.split(/\n\s*\n/).flatMap((paragraph) => {
    const words = (name: string) =>
      new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(paragraph)?.[1]?.split(/\s+/) ?? [];
    const signer = words('Signed-By').join(' ');
    const isOurs = signer === '' || /debian-archive-/.test(signer);
    if (!isOurs || words('Enabled')[0] === 'no') return [];
    if (!words('Types').includes('deb') || !words('Components').includes('main')) return [];
    return words('URIs').flatMap((uri) =>
      words('Suites')
        .filter((suite) => suites.includes(suite))
        .map((suite) => `deb ${uri} ${suite} main`),
    );
  });
}
