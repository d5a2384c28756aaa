import { type Command, type Script, sh } from '../../../model/command.ts';
import type { Ran } from '../../../model/module.ts';
import type { AptSpec } from './apt-specs.ts';
import { patternToRegex } from './name-pattern.ts';

/** What dpkg knows of a package: dpkg-query(1), `db:Status-Status`. */
export interface DpkgPackage {
  readonly name: string;
  readonly architecture: string;
  readonly status: string;
  readonly version: string;
}

/** What apt could install: apt-cache(8), `policy`. Versions newest first. */
export interface AptOffer {
  readonly candidate: string;
  readonly versions: readonly string[];
}

/** The state of packages on a host. */
export interface AptState {
  /** When the lists were last brought up to date, seconds since 1970; 0 when unknown. */
  readonly cacheTime: number;
  readonly now: number;
  readonly nativeArchitecture: string;
  readonly packages: readonly DpkgPackage[];
  /** Installed on behalf of others only (apt-mark(8), "auto"), among the asked ones. */
  readonly automatic: ReadonlySet<string>;
  /** By name as asked for; only where it was needed. */
  readonly offers: ReadonlyMap<string, AptOffer>;
  /** Names that no package has, and who provides them. */
  readonly providers: ReadonlyMap<string, readonly string[]>;
  /** Names that patterns stand for. */
  readonly expanded: readonly string[];
  /** Whether fetched packages lie in the archive folder. */
  readonly hasArchives: boolean;
}

/** How to look. */
export interface AptLook {
  readonly specs: readonly AptSpec[];
  /** Ask what is on offer always, or only when a name without version is not installed. */
  readonly offers: 'always' | 'when-missing' | 'never';
  readonly defaultRelease: string | undefined;
}

const dpkgFormat =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a format of dpkg-query
  '${Package}|${db:Status-Status}|${Version}|${Architecture}|\\n${Package}:${Architecture}|${db:Status-Status}|${Version}|${Architecture}|\\n';
// biome-ignore lint/suspicious/noTemplateCurlyInString: a format of dpkg-query
const providesFormat = '${db:Status-Status}|${Package}|${Provides}\\n';

// biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
const bareName = script('${n%%:*}');

/** Looks at packages with one call of dpkg-query where nothing is to be done; changes nothing and takes no lock. */
export function aptLook(look: AptLook): Command {
  const plain = look.specs.filter(({ isPattern }) => !isPattern);
  const patterns = look.specs.filter(({ isPattern }) => isPattern);
  const names = [...new Set(plain.map(({ name }) => name))];
  const release =
    look.defaultRelease === undefined ? [] : ['-o', `APT::Default-Release=${look.defaultRelease}`];
  return sh`nl='
'
echo @@time
date +%s
stat -c %Y /var/lib/apt/periodic/update-success-stamp 2>/dev/null || stat -c %Y /var/lib/apt/lists 2>/dev/null || echo 0
echo @@archives
for f in /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*; do [ ! -f "$f" ] || { echo 1; break; }; done
set -- ${names}
${script(patterns.length === 0 || look.offers === 'never' ? '' : expandScript(patterns))}
found=$(dpkg-query -W -f=${dpkgFormat} dpkg "$@" ${patterns.map(({ name }) => name)} 2>/dev/null)
printf '@@dpkg\n%s\n@@auto\n' "$found"
if [ $# -gt 0 ] && [ -s /var/lib/apt/extended_states ]; then grep -Fx -A 2 "$(printf 'Package: %s\n' "$@" | sed 's/:[a-z0-9-]*$//')" /var/lib/apt/extended_states; fi
${script(look.offers === 'never' ? '' : offersScript(look.offers === 'always', release))}`;
}

function script(text: string): Script {
  return { script: text };
}

/** Adds the names that patterns stand for to the positional parameters. */
function expandScript(patterns: readonly AptSpec[]): string {
  const words = patterns.flatMap(({ name }) => ['-e', patternToRegex(name)]);
  return sh`more=$(apt-cache pkgnames | grep -E ${words} | sort)
printf '@@expanded\n%s\n' "$more"
set -- "$@" $more`.script;
}

function offersScript(always: boolean, release: readonly string[]): string {
  return sh`ask=${always ? '1' : ''}
for n in "$@"; do case "$nl$found$nl" in *"$nl$n|installed|"*) ;; *) ask=1; break ;; esac; done
if [ -n "$ask" ] && [ $# -gt 0 ]; then
  known=$(apt-cache pkgnames | grep -Fx "$(printf '%s\n' "$@" | sed 's/:.*//')")
  ask= virtual=
  for n in "$@"; do case "$nl$known$nl" in *"$nl${bareName}$nl"*) ask="$ask $n" ;; *) virtual="$virtual $n" ;; esac; done
  echo @@policy
  [ -z "$ask" ] || apt-cache ${release} policy $ask 2>/dev/null
  for n in $virtual; do
    printf '@@providers %s\n' "$n"
    dpkg-query -W -f=${providesFormat} | awk -F '|' -v n="$n" '$1 == "installed" { k = split($3, p, /, */); for (i = 1; i <= k; i++) { sub(/ .*/, "", p[i]); if (p[i] == n) print "installed " $2 } }'
    apt-cache showpkg "$n" 2>/dev/null | awk -v n="$n" '/^Package: / { here = ($2 == n); list = 0; next } here && /^Reverse Provides:/ { list = 1; next } here && list { print "offered " $1 }'
  done
fi`.script;
}

/** Reads what the script of `aptLook` printed. */
export function parseAptLook(ran: Ran): AptState {
  const sections = splitSections(ran.stdout);
  const [now = '0', cacheTime = '0'] = sections.get('time') ?? [];
  const packages = (sections.get('dpkg') ?? []).flatMap(parsePackage);
  const providers = new Map<string, readonly string[]>();
  for (const [title, lines] of sections)
    if (title.startsWith('providers ')) providers.set(title.slice(10), lines.filter(Boolean));
  return {
    cacheTime: Number(cacheTime),
    now: Number(now),
    nativeArchitecture: packages.find(({ name }) => name === 'dpkg')?.architecture ?? '',
    packages,
    automatic: parseAutomatic(sections.get('auto') ?? []),
    offers: parsePolicy(sections.get('policy') ?? []),
    providers,
    expanded: (sections.get('expanded') ?? []).filter(Boolean),
    hasArchives: sections.get('archives')?.includes('1') ?? false,
  };
}

function splitSections(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('@@')) {
      lines.push(line);
      continue;
    }
    lines = [];
    sections.set(line.slice(2), lines);
  }
  return sections;
}

function parsePackage(line: string): DpkgPackage[] {
  const [name = '', status, version = '', architecture = ''] = line.split('|');
  // every package comes twice, for the shell to search: with and without its architecture
  if (status === undefined || name.includes(':')) return [];
  return [{ name, status, version, architecture }];
}

function parseAutomatic(lines: readonly string[]): Set<string> {
  const automatic = new Set<string>();
  let name = '';
  for (const line of lines) {
    if (line.startsWith('Package: ')) name = line.slice(9);
    if (line === 'Auto-Installed: 1') automatic.add(name);
  }
  return automatic;
}

function parsePolicy(lines: readonly string[]): Map<string, AptOffer> {
  const offers = new Map<string, { candidate: string; versions: string[] }>();
  let offer = { candidate: '', versions: [] as string[] };
  for (const line of lines) {
    const name = /^(\S+):$/.exec(line)?.[1];
    if (name !== undefined) {
      offer = { candidate: '', versions: [] };
      offers.set(name, offer);
    }
    const candidate = /^ {2}Candidate: (\S+)$/.exec(line)?.[1];
    if (candidate !== undefined && candidate !== '(none)') offer.candidate = candidate;
    const version = /^ (?:\*\*\*| {3}) (\S+)(?: -?\d+)?$/.exec(line)?.[1];
    if (version !== undefined && version !== 'Version') offer.versions.push(version);
  }
  return offers;
}
