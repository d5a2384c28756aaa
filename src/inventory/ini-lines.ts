import type { LocatedScalar, SourceText } from '../model/located.ts';
import type { Value } from '../model/value.ts';
import { readPythonLiteral } from './python-literal.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: where Python's str.splitlines ends a line
const lineEnd = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/** The lines that say something, each without the blanks around it. */
export function listIniLines(source: SourceText): LocatedScalar[] {
  const lines: LocatedScalar[] = [];
  let at = source.text.startsWith('\ufeff') ? 1 : 0;
  for (const part of source.text.slice(at).split(new RegExp(`(${lineEnd.source})`))) {
    const start = at + part.length - part.trimStart().length;
    const line = part.trim();
    if (line !== '' && !/^[;#]/.test(line))
      lines.push(makeIniScalar(source, line, start, start + line.length));
    at += part.length;
  }
  return lines;
}

/** A piece of an INI file as a scalar: always a text, typed by Python's rules and not by YAML's. */
export function makeIniScalar(
  source: SourceText,
  text: string,
  start: number,
  end: number,
): LocatedScalar {
  return { kind: 'scalar', text, plain: false, source, start, end };
}

/** Reads a variable's value as Ansible does; the scalar's text is what was typed, with Python's quotes taken off. */
export function readIniValue(
  source: SourceText,
  typed: string,
  start: number,
  end: number,
): { value: Value; node: LocatedScalar } {
  const value = readPythonLiteral(typed);
  const text = typeof value === 'string' ? value : typed;
  return { value, node: makeIniScalar(source, text, start, end) };
}
