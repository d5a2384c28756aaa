import iconv from 'iconv-lite';
import { LabError } from '../model/lab-error.ts';

/** How a table for people is written: Excel needs the mark to see UTF-8; GB18030 and GBK (as Windows has it, code page 936) are for older Chinese programs. */
export const tableEncodings = ['utf-8-bom', 'utf-8', 'gb18030', 'gbk'] as const;
export type TableEncoding = (typeof tableEncodings)[number];

/** Writes a text in an encoding. Throws LabError 'input' naming the characters that it has no place for (GBK lacks rare ones such as 㛃), instead of putting others in their place. */
export function encodeTable(text: string, encoding: TableEncoding): string | Uint8Array {
  if (encoding === 'utf-8') return text;
  if (encoding === 'utf-8-bom') return `\ufeff${text}`;
  const table = encoding === 'gbk' ? 'cp936' : encoding;
  const bytes = iconv.encode(text, table);
  if (iconv.decode(bytes, table) === text) return bytes;
  const lost = [...new Set(text)].filter(
    (letter) => iconv.decode(iconv.encode(letter, table), table) !== letter,
  );
  const shown = lost.slice(0, 10).map((letter) => `${letter} (U+${hexOf(letter)})`);
  throw new LabError(
    'input',
    `${encoding} has no place for ${shown.join(', ')}${lost.length > 10 ? ' and others' : ''}`,
    'write utf-8-bom or gb18030 instead, which hold every character',
  );
}

function hexOf(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
