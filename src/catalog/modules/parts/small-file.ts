import { type Command, sh } from '../../../model/command.ts';

/** How a settings file is written. */
export interface SmallFile {
  readonly path: string;
  readonly text: string;
  /** Permission bits for a new file, as chmod(1) reads them; default 0644. */
  readonly mode?: string | undefined;
  /** The bits hold for a file that is there, too. */
  readonly keepsMode?: boolean;
}

/** Replaces a settings file whole: written beside its place, then moved there; an old one keeps its owner and, unless told otherwise, its permission bits. */
export function writeSmallFile({ path, text, mode, keepsMode = true }: SmallFile): Command {
  const always = keepsMode ? '' : (mode ?? '0644');
  return sh`f=${path}
[ ! -L "$f" ] || f=$(readlink -f "$f")
mkdir -p "$(dirname "$f")" && t=$(mktemp "$f.lab-XXXXXX") || exit
trap 'rm -f "$t"' EXIT
m=${always}
if [ -e "$f" ]; then cp -p "$f" "$t" || exit; else m=${mode ?? '0644'}; fi
printf '%s' ${text} >"$t" || exit
[ -z "$m" ] || chmod "$m" "$t" || exit
mv -f "$t" "$f"`;
}

/** Removes a file; one that is not there is fine. */
export function removeSmallFile(path: string): Command {
  return sh`rm -f ${path}`;
}
