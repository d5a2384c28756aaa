import { type Command, quoteSh, sh } from '../model/command.ts';

/** Makes a command of a script file's text and its arguments. A script for another interpreter (its `#!` line) runs from a private temporary file, through that interpreter, so that a `noexec` /tmp does not matter. */
export function makeScriptCommand(text: string, name: string, args: readonly string[]): Command {
  const shown = [name, ...args].map(quoteSh).join(' ');
  const [, interpreter = '/bin/sh', argument] = /^#!\s*(\S+)(?:[ \t]+(.*\S))?/.exec(text) ?? [];
  if (/\/(?:sh|dash)$/.test(interpreter) && argument === undefined) {
    const set = args.length === 0 ? '' : `${sh`set -- ${args}`.script}\n`;
    return { shell: 'sh', script: `${set}${text}`, shown };
  }
  const words = argument === undefined ? [interpreter] : [interpreter, argument];
  const run = sh`labkit_file=$(mktemp) || exit
trap 'rm -f "$labkit_file"' EXIT
printf %s ${text} >"$labkit_file" || exit
${words} "$labkit_file" ${args}`;
  return { ...run, shown };
}
