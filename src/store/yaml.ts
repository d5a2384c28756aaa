import { type Located, makeSource, positionAt, type SourceText } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { readYamlDocument } from './yaml-document.ts';
import { readPlainYaml } from './yaml-plain.ts';

/** Longest text that is read, in UTF-16 units (about 16 MiB). */
export const maxYamlLength = 16 * 1024 * 1024;

/** What stands in no YAML text (YAML 1.1, 5.1), the line separators that YAML 1.1 and 1.2 read differently, and byte order marks behind the first character. */
const strangeCharacter =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|(?!^)\ufeff|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same characters and a few more, without looking around
const perhapsStrange = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

/**
 * Reads one YAML document; every scalar keeps what was typed and where. Aliases and `<<` are resolved as PyYAML does.
 * `root` is undefined for an empty document, and for one too broken to be read.
 */
export function parseYaml(
  text: string,
  file: string,
): { root: Located | undefined; problems: Problem[] } {
  if (text === '') return { root: undefined, problems: [] };
  const source = makeSource(file, text);
  const refused = refuseText(source);
  if (refused) return { root: undefined, problems: [refused] };
  const root = readPlainYaml(source);
  return root ? { root, problems: [] } : readYamlDocument(source);
}

function refuseText(source: SourceText): Problem | undefined {
  const problem = (rule: string, at: number, message: string, hint: string): Problem => ({
    ...positionAt(source, at),
    severity: 'error',
    rule,
    path: '',
    message,
    hint,
  });
  if (source.text.length > maxYamlLength)
    return problem(
      'file-too-large',
      0,
      `the file has ${source.text.length} characters; at most ${maxYamlLength} are read`,
      'split it into several files of one inventory folder',
    );
  // Nearly every text passes here; the exact look-around below costs five times as much on megabytes.
  if (source.text.isWellFormed() && !perhapsStrange.test(source.text)) return undefined;
  const strange = strangeCharacter.exec(source.text);
  if (!strange) return undefined;
  const code = strange[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return problem(
    'control-character',
    strange.index,
    `the character U+${code} cannot stand in YAML`,
    'delete it, or save the file as UTF-8 text',
  );
}
