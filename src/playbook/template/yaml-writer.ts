import { hasSpecial, isTyped, stylesOf } from './yaml-scalar.ts';

/** Where the writer stands. */
export interface YamlWriter {
  readonly parts: string[];
  readonly width: number;
  readonly step: number;
  column: number;
  indent: number;
  /** Nothing but white space and dashes since the line began. */
  isIndention: boolean;
  isSpace: boolean;
  flow: number;
}

export function makeWriter(width: number, step: number): YamlWriter {
  return {
    parts: [],
    width,
    step,
    column: 0,
    indent: 0,
    isIndention: true,
    isSpace: true,
    flow: 0,
  };
}

export function put(writer: YamlWriter, text: string): void {
  writer.parts.push(text);
  writer.column += [...text].length;
}

export function putBreak(writer: YamlWriter): void {
  writer.parts.push('\n');
  writer.column = 0;
  writer.isSpace = true;
  writer.isIndention = true;
}

/** Goes to the present indentation, on a new line unless this one is still empty. */
export function putIndent(writer: YamlWriter, indent = writer.indent): void {
  const { column, isSpace, isIndention } = writer;
  if (!isIndention || column > indent || (column === indent && !isSpace)) putBreak(writer);
  if (writer.column < indent) put(writer, ' '.repeat(indent - writer.column));
  writer.isSpace = true;
}

/** Writes a sign such as `-`, with a space before it where it needs one. */
export function putSign(
  writer: YamlWriter,
  sign: string,
  needsSpace: boolean,
  keepsIndention = false,
): void {
  put(writer, writer.isSpace || !needsSpace ? sign : ` ${sign}`);
  writer.isSpace = false;
  writer.isIndention = writer.isIndention && keepsIndention;
}

/** Writes a text in the simplest style that keeps it. */
export function putText(writer: YamlWriter, text: string, isKey: boolean): void {
  const styles = stylesOf(text);
  const mayBePlain = writer.flow > 0 ? styles.flowPlain : styles.blockPlain;
  const indent = writer.indent + writer.step;
  if (mayBePlain && !isTyped(text) && !(isKey && text === ''))
    putPlain(writer, text, !isKey, indent);
  else if (styles.singleQuoted && !(isKey && styles.isMultiline))
    putSingle(writer, text, !isKey, indent);
  else putDouble(writer, text, !isKey, indent);
}

/** Writes a word that stands for itself, such as a number. */
export function putPlain(
  writer: YamlWriter,
  text: string,
  mayBreak: boolean,
  indent: number,
): void {
  if (!writer.isSpace) put(writer, ' ');
  writer.isSpace = false;
  writer.isIndention = false;
  for (const piece of text.match(/ +|[^ ]+/g) ?? []) {
    if (piece === ' ' && mayBreak && writer.column > writer.width) {
      putIndent(writer, indent);
      writer.isSpace = false;
      writer.isIndention = false;
    } else put(writer, piece);
  }
}

function putSingle(writer: YamlWriter, text: string, mayBreak: boolean, indent: number): void {
  putSign(writer, "'", true);
  const pieces = text.match(/ +|[\n\x85\u2028\u2029]+|[^ \n\x85\u2028\u2029]+/g) ?? [];
  for (const [index, piece] of pieces.entries()) {
    const isInside = index > 0 && index < pieces.length - 1;
    if (piece === ' ' && mayBreak && isInside && writer.column > writer.width)
      putIndent(writer, indent);
    else if (/^[\n\x85\u2028\u2029]/.test(piece)) {
      if (piece.startsWith('\n')) putBreak(writer);
      for (let line = 0; line < piece.length; line++) putBreak(writer);
      putIndent(writer, indent);
    } else put(writer, piece.replaceAll("'", "''"));
    writer.isSpace = false;
    writer.isIndention = false;
  }
  putSign(writer, "'", false);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\0', '0'],
  ['\x07', 'a'],
  ['\x08', 'b'],
  ['\x09', 't'],
  ['\x0a', 'n'],
  ['\x0b', 'v'],
  ['\x0c', 'f'],
  ['\x0d', 'r'],
  ['\x1b', 'e'],
  ['"', '"'],
  ['\\', '\\'],
  ['\x85', 'N'],
  ['\xa0', '_'],
  ['\u2028', 'L'],
  ['\u2029', 'P'],
]);

function escaped(sign: string): string {
  const known = escapes.get(sign);
  if (known !== undefined && sign !== '\xa0') return `\\${known}`;
  if (!hasSpecial(sign)) return sign;
  const code = sign.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function putDouble(writer: YamlWriter, text: string, mayBreak: boolean, indent: number): void {
  putSign(writer, '"', true);
  const signs = [...text];
  for (const [at, sign] of signs.entries()) {
    const isInside = at > 0 && at < signs.length - 1 && signs[at - 1] !== ' ';
    if (sign === ' ' && mayBreak && isInside && writer.column > writer.width) {
      putIndent(writer, indent);
      // a space that begins a line would be dropped
      if (signs[at + 1] === ' ') put(writer, '\\');
    } else put(writer, escaped(sign));
    writer.isSpace = false;
    writer.isIndention = false;
  }
  putSign(writer, '"', false);
}
