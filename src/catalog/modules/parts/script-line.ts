import { quoteSh } from '../../../model/command.ts';
import type { SourceFile } from '../../../model/module.ts';
import { splitWords } from './words.ts';

/** The file a `script` task names, and the rest of its line, which the host's shell reads as it is. */
export function readScriptLine(
  line: string,
): { readonly file: string; readonly rest: string } | { readonly problem: string } {
  const words = splitWords(line);
  if ('problem' in words) return words;
  const [file] = words;
  if (file === undefined) return { problem: 'no script is named' };
  const trimmed = line.trim();
  // the first word as it is written, quotes and all
  const written =
    /^(?:\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|[^\s\\'"])+/.exec(trimmed)?.[0] ?? '';
  return { file, rest: trimmed.slice(written.length) };
}

/** The words that start the file `$lab_script`: by the interpreter of its first line, as the kernel does it, so that it also runs where files may not be executed (noexec). */
export function startWords(source: SourceFile, executable: string | undefined): string {
  if (executable !== undefined) return `${executable} "$lab_script"`;
  const head = new TextDecoder('latin1').decode(source.content?.subarray(0, 512));
  const [, program, argument] =
    /^#![ \t]*([^ \t\n]+)[ \t]*([^\n]*?)[ \t]*(?:\n|$)/.exec(head) ?? [];
  if (program !== undefined)
    return `${quoteSh(program)}${argument ? ` ${quoteSh(argument)}` : ''} "$lab_script"`;
  return '"$lab_script"';
}
