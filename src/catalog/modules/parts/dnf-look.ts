import { type Command, sh } from '../../../model/command.ts';
import { isNamePattern } from './name-pattern.ts';
import { compareRpmVersions } from './rpm-version.ts';

/** What rpm knows of the names a task gives. */
export interface DnfFound {
  /** The program: dnf, or yum on older systems; '' without either. */
  readonly program: string;
  /** Wishes that installed packages are, or provide. */
  readonly installed: ReadonlySet<string>;
  /** Installed names and versions, for wishes with a version in their name. */
  readonly versions: ReadonlyMap<string, string>;
}

const format = '%{NAME}|%{VERSION}-%{RELEASE}\\n';

/** Whether rpm alone can say if a wish is there: a name, a file or a capability; no comparison, group, address or package file. */
export function isPlainWish(wish: string): boolean {
  return !/^@|:\/\/|\.rpm$|[<>=\s]/.test(wish) && !isNamePattern(wish);
}

/** The name in `name-1.0` or `name-1.0-1.noarch`, with what follows it. */
export function splitVersioned(wish: string): { name: string; version: string } | undefined {
  const [, name, version] = /^(.+?)-(?:\d+:)?(\d[^-]*(?:-[^-]+)?)$/.exec(wish) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** Asks rpm(8) for all names at once, and for those that no package has whether one provides them; patterns of installed ones are expanded. */
export function dnfLook(wishes: readonly string[], installroot: string): Command {
  const root = installroot === '/' ? [] : ['--root', installroot];
  const plain = wishes.filter(isPlainWish);
  const names = plain.flatMap((wish) => splitVersioned(wish)?.name ?? []);
  const patterns = wishes.filter(isNamePattern);
  return sh`echo "@@program $(command -v dnf || command -v yum)"
set -- ${plain}
if [ $# -gt 0 ]; then
  for n in $(rpm ${root} -q --qf '' "$@" 2>&1 | sed -n 's/^package \(.*\) is not installed$/\1/p'); do
    rpm ${root} -q --whatprovides "$n" >/dev/null 2>&1 || printf '@@missing %s\n' "$n"
  done
fi
echo @@versions
set -- ${names}
[ $# = 0 ] || rpm ${root} -q --qf ${format} "$@" 2>/dev/null
echo @@matching
for p in ${patterns}; do rpm ${root} -qa --qf ${format} "$p" 2>/dev/null | grep -q . && printf '%s\n' "$p"; done
true`;
}

/** Reads what `dnfLook` printed. */
export function parseDnfLook(stdout: string, wishes: readonly string[]): DnfFound {
  const missing = new Set([...stdout.matchAll(/^@@missing (.*)$/gm)].map(([, name]) => name));
  const [, tail = ''] = stdout.split('@@versions\n');
  const [versionLines = '', matching = ''] = tail.split('@@matching\n');
  const versions = new Map<string, string>();
  for (const line of versionLines.split('\n')) {
    const [name = '', version] = line.split('|');
    if (version !== undefined) versions.set(name, version);
  }
  const there = wishes.filter((wish) => isPlainWish(wish) && !missing.has(wish));
  return {
    program: /^@@program (.+)$/m.exec(stdout)?.[1] ?? '',
    installed: new Set([...there, ...matching.split('\n').filter(Boolean)]),
    versions,
  };
}

/** Whether a newer version than the one in a wish is installed. */
export function isNewerThere(wish: string, { versions }: DnfFound): boolean {
  const wanted = splitVersioned(wish);
  const there = wanted && versions.get(wanted.name);
  return (
    wanted !== undefined && there !== undefined && compareRpmVersions(there, wanted.version) > 0
  );
}
