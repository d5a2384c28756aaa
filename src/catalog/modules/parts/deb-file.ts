import type { Script } from '../../../model/command.ts';
import type { Prediction } from '../../../model/module.ts';
import { compareVersions } from '../../versions.ts';

/** A package file on a host, and the version of its package that is installed ('' for none). */
export interface DebFile {
  readonly file: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly installed: string;
}

/** A shell function that prints one line about a package file; dpkg-deb(1). */
export const lookFunction: Script = {
  script: `lab_look() {
  case $1 in /*) f=$1 ;; *) f=$PWD/$1 ;; esac
  [ -r "$f" ] || { echo "Could not open file $f" >&2; return 1; }
  name=$(dpkg-deb -f "$f" Package) && arch=$(dpkg-deb -f "$f" Architecture) && version=$(dpkg-deb -f "$f" Version) || return 1
  had=
  case $(dpkg-query -W -f='\${db:Status-Status}' "$name:$arch" 2>/dev/null) in installed) had=$(dpkg-query -W -f='\${Version}' "$name:$arch") ;; esac
  printf '@@deb\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$f" "$name" "$version" "$arch" "$had"
}
`,
  shown: '',
};

/** Reads the lines of `lab_look`. */
export function parseDebs(stdout: string): DebFile[] {
  return stdout.split('\n').flatMap((line) => {
    const [mark, file = '', name = '', version = '', architecture = '', installed = ''] =
      line.split('\t');
    return mark === '@@deb' ? [{ file, name, version, architecture, installed }] : [];
  });
}

/** The package files that are not installed yet at just their version, or why they cannot be. */
export function selectDebs(
  debs: readonly DebFile[],
  mayDowngrade: boolean,
): { readonly wanted: readonly DebFile[] } | { readonly problem: string } {
  const order = ({ version, installed }: DebFile) =>
    installed === '' ? 1 : compareVersions(version, installed);
  const older = debs.find((deb) => order(deb) < 0);
  if (older !== undefined && !mayDowngrade)
    return {
      problem: `A later version is already installed: ${older.name} ${older.installed}, the file has ${older.version}`,
    };
  return { wanted: debs.filter((deb) => order(deb) !== 0) };
}

export function predictDebs(debs: readonly DebFile[]): Prediction[] {
  return debs.map(({ name }) => ({ thing: `package:${name}`, present: true }));
}
