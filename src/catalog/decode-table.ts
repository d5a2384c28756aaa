import { LabError } from '../model/lab-error.ts';

/** Reads the bytes of a text table: by its byte order mark (UTF-8, UTF-16), else as strict UTF-8, else as GB18030 (of which GBK is a part). Throws LabError 'input' for what is no text. */
export function decodeTable(bytes: Uint8Array): string {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3)
    throw new LabError(
      'input',
      'it is a workbook, not a text',
      'read it with: lab inventory import xlsx FILE',
    );
  for (const encoding of encodingsFor(bytes)) {
    const text = decode(bytes, encoding);
    if (text !== undefined && !text.includes('\0')) return text;
  }
  throw new LabError(
    'input',
    'it is not a text in UTF-8, UTF-16 or GB18030',
    'save it as "CSV UTF-8", or as a workbook (.xlsx)',
  );
}

function encodingsFor([first, second]: Uint8Array): readonly string[] {
  if (first === 0xff && second === 0xfe) return ['utf-16le'];
  if (first === 0xfe && second === 0xff) return ['utf-16be'];
  return ['utf-8', 'gb18030'];
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
