import { type Command, sh } from '../../../model/command.ts';

/** What a host knows of locales. */
export interface LocalesFound {
  readonly hasGenerator: boolean;
  /** Debian keeps wishes in /etc/locale.gen, older Ubuntu in /var/lib/locales/supported.d. */
  readonly style: 'debian' | 'ubuntu';
  /** Text of /etc/locale.gen. */
  readonly text: string;
  /** Lines of /var/lib/locales/supported.d/local. */
  readonly local: readonly string[];
  /** `en_GB.UTF-8 UTF-8`, one for each that can be made. */
  readonly supported: readonly string[];
  /** `en_GB.utf8`, as `locale -a` prints them. */
  readonly made: readonly string[];
}

/** Prints what `parseLocales` reads; each part's lines after a `|`. */
export function localeScript(): Command {
  return sh`command -v locale-gen >/dev/null && echo generator
[ ! -d /var/lib/locales/supported.d ] || echo ubuntu
echo @@made; locale -a 2>/dev/null | sed 's/^/|/'
echo @@gen; [ ! -f /etc/locale.gen ] || sed 's/^/|/' /etc/locale.gen
echo @@local; [ ! -f /var/lib/locales/supported.d/local ] || sed 's/^/|/' /var/lib/locales/supported.d/local
echo @@supported; cat /usr/share/i18n/SUPPORTED /usr/local/share/i18n/SUPPORTED 2>/dev/null | sed 's/^/|/'
true`;
}

export function parseLocales(stdout: string): LocalesFound {
  const part = (name: string): string[] => {
    const [, rest = ''] = stdout.split(`@@${name}\n`);
    return (rest.split('\n@@')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.slice(1));
  };
  const gen = part('gen');
  return {
    hasGenerator: stdout.startsWith('generator'),
    style: /^ubuntu$/m.test(stdout) && gen.length === 0 ? 'ubuntu' : 'debian',
    text: gen.map((line) => `${line}\n`).join(''),
    local: part('local').filter(Boolean),
    supported: part('supported').filter((line) => line !== '' && !line.startsWith('#')),
    made: part('made'),
  };
}

/** Whether two spellings mean one locale: `en_GB.UTF-8 UTF-8`, `en_GB.UTF-8`, `en_GB.utf8`; without a character set it is the plain one. */
export function sameLocale(a: string, b: string): boolean {
  return normal(a) === normal(b);
}

function normal(text: string): string {
  const [name = ''] = text.trim().split(/\s+/);
  const [, language = '', charset = '', variant = ''] =
    /^([^.@]+)(\.[^@]+)?(@.+)?$/.exec(name) ?? [];
  return `${language}${charset.toLowerCase().replaceAll('-', '')}${variant}`;
}

/** /etc/locale.gen with the wished lines uncommented, or commented out; those it does not have are added from the supported ones. */
export function editLocaleGen(
  text: string,
  supported: readonly string[],
  names: readonly string[],
  present: boolean,
): string {
  const lines = text.split('\n');
  for (const name of names) {
    const matches = lines.flatMap((line, index) =>
      /^#?\s*\S+\s+\S+\s*$/.test(line) && sameLocale(line.replace(/^#\s*/, ''), name)
        ? [index]
        : [],
    );
    for (const index of matches) {
      const bare = (lines[index] ?? '').replace(/^#?\s*/, '');
      lines[index] = present ? bare : `# ${bare}`;
    }
    if (matches.length === 0 && present)
      lines.splice(lines.at(-1) === '' ? -1 : lines.length, 0, supportedLine(supported, name));
  }
  const edited = lines.join('\n');
  return edited.endsWith('\n') ? edited : `${edited}\n`;
}

const supportedLine = (supported: readonly string[], name: string): string =>
  supported.find((line) => sameLocale(line, name)) ?? `${name} UTF-8`;
