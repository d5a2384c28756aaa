import { quoteSh } from '../../../model/command.ts';
import { renderPath, renderVariables } from '../../../model/host-path.ts';

/** Gives a script the host's own language back: what a task runs for people speaks as the login does, only our own look-ups speak C. */
export const loginLocale = 'eval "$lab_locale"';

/** Code that puts words into the positional parameters; with `expands`, `~` and variables in each are worked out first, as Ansible's `command` does. */
export function renderWords(words: readonly string[], expands: boolean): string {
  const isWorkedOut = (word: string) => expands && /^~|\$/.test(word);
  const made = words.flatMap((word, at) =>
    isWorkedOut(word) ? [[word, `lab_word${at}`] as const] : [],
  );
  const names = made.map(([, name]) => name).join(' ');
  return [
    ...made.map(([word, name]) => `${name}=${renderPath(word, {})}`),
    `set -- ${words.map((word, at) => (isWorkedOut(word) ? `"$lab_word${at}"` : quoteSh(word))).join(' ')}`,
    ...(made.length > 0 ? [`unset ${names}`] : []),
  ].join('\n');
}

/** Code that goes into a folder, or ends with code 2 and a line of the mark: the reason as Python's errno names it. */
export function renderChdir(chdir: string | undefined, mark: string): string {
  if (chdir === undefined) return ':';
  return `lab_folder=${renderPath(chdir, {})}
if ! cd "$lab_folder" 2>/dev/null; then
lab_why='2 No such file or directory'
if [ -d "$lab_folder" ]; then lab_why='13 Permission denied'; elif [ -e "$lab_folder" ]; then lab_why='20 Not a directory'; fi
printf '%s %s %s' ${quoteSh(mark)} chdir "$lab_why" >&2; exit 2
fi
unset lab_folder`;
}

/** Code that replaces the shell by the program in the positional parameters; when there is none, ends as `renderChdir` does. */
export function renderExec(mark: string): string {
  return `lab_found= lab_why='2 No such file or directory'
case $1 in
*/*) if [ -x "$1" ] && [ ! -d "$1" ]; then lab_found=1; elif [ -e "$1" ]; then lab_why='13 Permission denied'; fi ;;
*) lab_ifs=$IFS; IFS=:
for lab_folder in $PATH; do
if [ -f "$lab_folder/$1" ]; then if [ -x "$lab_folder/$1" ]; then lab_found=1; break; fi; lab_why='13 Permission denied'; fi
done
IFS=$lab_ifs ;;
esac
if [ -z "$lab_found" ]; then printf '%s %s %s' ${quoteSh(mark)} exec "$lab_why" >&2; exit 2; fi
unset lab_found lab_why lab_folder lab_ifs
exec "$@"`;
}

/** A pattern of files (Python's `glob`) as a shell pattern: what is no pattern is quoted. */
export function renderGlob(pattern: string): string {
  return pattern
    .split(/(\[!?\]?[^\]]*\]|[*?])/)
    .map((part, index) => (index % 2 === 1 ? part : part === '' ? '' : renderVariables(part, {})))
    .join('');
}
