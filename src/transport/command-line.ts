import { type Command, quoteSh } from '../model/command.ts';

/** A command as it travels: the line for the login shell, and what has to be written to its standard input before anything else. */
export interface Travelling {
  readonly line: string;
  /** Written first; '' when the script stands in the line itself. */
  readonly lead: string;
  /** True when the script is all that standard input carries: it must be closed after it. */
  readonly wholeInput: boolean;
}

/** Longest line that is sent; Linux takes 128 KiB for one argument (execve(2), MAX_ARG_STRLEN). */
const longestLine = 96 * 1024;

/** How a script is given to `/bin/sh`. `start` is printed on stderr just before it runs; `prefix` are the words that come before, such as sudo's. */
export interface Wrapping {
  readonly hasInput: boolean;
  readonly start?: string;
  readonly prefix?: readonly string[];
}

/** Makes the line a login shell of any kind (sh, csh, fish) hands on to `/bin/sh` unchanged. A script that is long, or that holds secrets, travels by standard input: arguments can be seen by everybody on the host. */
export function shLine(command: Command, wrapping: Wrapping): Travelling {
  const script = command.script;
  const secret = command.shown !== script;
  const inline = secret ? undefined : inlineLine(script, wrapping);
  if (inline !== undefined && inline.length <= longestLine)
    return { line: inline, lead: '', wholeInput: false };
  const announce = announcement(wrapping);
  // one line at a time is all that a shell takes from a pipe without reading ahead into what follows
  const reading = wrapping.hasInput
    ? 'IFS= read -r LAB_SCRIPT; eval "unset LAB_SCRIPT; $(printf %b "$LAB_SCRIPT")"'
    : 'eval "$(cat)"';
  return {
    line: `exec ${wordsOf(wrapping)}${quoteAny(announce + reading)}`,
    lead: wrapping.hasInput ? `${escapeForPrintf(script)}\n` : script,
    wholeInput: !wrapping.hasInput,
  };
}

function inlineLine(script: string, wrapping: Wrapping): string {
  const announce = announcement(wrapping);
  if (!unsafeAnywhere.test(script))
    return `exec ${wordsOf(wrapping)}${quoteAny(announce + script)}`;
  const decode = quoteAny(`${announce}eval "shift; $(printf %b "$1")"`);
  return `exec ${wordsOf(wrapping)}${decode} sh ${quoteAny(escapeForPrintf(script))}`;
}

function wordsOf({ prefix = [] }: Wrapping): string {
  return `${[...prefix, '/bin/sh', '-c'].map(quoteAny).join(' ')} `;
}

function announcement({ start }: Wrapping): string {
  return start === undefined ? '' : `printf %s ${quoteSh(start)} >&2; `;
}

/** Characters that some login shell treats in a way of its own even between single quotes: fish the backslash, csh the line end and the exclamation mark. */
export const unsafeAnywhere = /['\\\n\r!]/;

/** Writes a text so that `printf %b` (POSIX.1-2017, printf) gives it back and no login shell finds anything to interpret. */
function escapeForPrintf(text: string): string {
  return text.replace(/['\\\n\r!]/g, (each) => {
    if (each === '\n') return '\\n';
    return `\\0${each.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
}

function quoteAny(text: string): string {
  return /^[A-Za-z0-9_@%+:,./-]+$/.test(text) ? text : `'${text}'`;
}

/** The line for a Windows host, whose sshd hands it to `cmd.exe` or PowerShell (about_PowerShell_exe, EncodedCommand: UTF-16LE in base64). */
export function windowsLine(command: Command): string {
  if (command.shell === 'cmd') return `cmd /d /s /c "${command.script}"`;
  const encoded = Buffer.from(command.script, 'utf16le').toString('base64');
  return `powershell -NoProfile -NonInteractive -EncodedCommand ${encoded}`;
}
