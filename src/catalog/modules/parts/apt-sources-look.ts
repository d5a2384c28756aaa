import { type Command, sh } from '../../../model/command.ts';
import type { SourcesFile } from './sources-list.ts';

/** What a host's apt is told to use. */
export interface SourcesFound {
  readonly files: readonly SourcesFile[];
  /** `ID` of os-release(5), such as `ubuntu`. */
  readonly distribution: string;
  /** Where add-apt-repository is; '' when it is not installed. */
  readonly adder: string;
}

/** Prints every one-line source file, each of its lines after a `|` so that nothing in it can be taken for a heading. */
export function sourcesLook(): Command {
  return sh`echo "adder $(command -v add-apt-repository)"
sed -n 's/^ID=["'"'"']\{0,1\}\([^"'"'"']*\).*/distribution \1/p' /etc/os-release
for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ -f "$f" ] || continue
  echo "file $f"
  sed 's/^/|/' "$f" || exit
  [ -z "$(tail -c 1 "$f")" ] || echo
done`;
}

/** Reads what `sourcesLook` printed. */
export function readSourcesLook(stdout: string): SourcesFound {
  const files: { path: string; text: string }[] = [];
  let adder = '';
  let distribution = '';
  for (const line of stdout.split('\n')) {
    const file = files.at(-1);
    if (line.startsWith('|') && file !== undefined) file.text += `${line.slice(1)}\n`;
    else if (line.startsWith('file ')) files.push({ path: line.slice(5), text: '' });
    else if (line.startsWith('adder ')) adder = line.slice(6);
    else if (line.startsWith('distribution ')) distribution = line.slice(13);
  }
  return { files, distribution, adder };
}
