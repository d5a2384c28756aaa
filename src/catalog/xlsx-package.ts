import { type Unzipped, unzipSync } from 'fflate';
import { LabError } from '../model/lab-error.ts';

const maxUnpacked = 256 * 1024 * 1024;
const maxEntries = 2000;

/** Unpacks the parts of a workbook that hold cells (ECMA-376, part 2), by path. Throws LabError 'input' for what is no workbook, and for one that would unpack to more than 256 MiB or 2000 entries. */
export function unpackWorkbook(bytes: Uint8Array): ReadonlyMap<string, string> {
  refuseOther(bytes);
  const parts = new Map<string, string>();
  for (const [path, content] of Object.entries(unzip(bytes)))
    parts.set(path, decodePart(content, path));
  if (!parts.has('xl/workbook.xml'))
    throw new LabError(
      'input',
      'it is a zip archive, but not a workbook',
      'save it as "Excel workbook (.xlsx)"',
    );
  return parts;
}

function refuseOther(bytes: Uint8Array): void {
  const [first, second, third, fourth] = bytes;
  if (first === 0x50 && second === 0x4b) return;
  if (first === 0xd0 && second === 0xcf && third === 0x11 && fourth === 0xe0)
    throw new LabError(
      'input',
      'it is a workbook of the old kind (.xls), or one with a password',
      'open it, take the password off, and save it as "Excel workbook (.xlsx)"',
    );
  throw new LabError(
    'input',
    'it is not a workbook (.xlsx)',
    'a text with commas or tabs is read by: lab inventory import csv FILE',
  );
}

/** Sizes come from the archive's own list, which may lie; the unpacker never writes past them. */
function unzip(bytes: Uint8Array): Unzipped {
  let entries = 0;
  let size = 0;
  try {
    return unzipSync(bytes, {
      filter({ name, originalSize }) {
        entries += 1;
        if (entries > maxEntries) throw tooLarge(`more than ${maxEntries} entries`);
        const isWanted = /^xl\/(?:[^/]+\.xml|_rels\/workbook\.xml\.rels|worksheets\/[^/]+\.xml)$/;
        if (!isWanted.test(name)) return false;
        size += originalSize;
        if (size > maxUnpacked) throw tooLarge('more than 256 MiB unpacked');
        return true;
      },
    });
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError('input', 'the archive is damaged', 'open it and save it again', {
      cause: error,
    });
  }
}

function tooLarge(what: string): LabError {
  return new LabError(
    'input',
    `the workbook is too large: it has ${what}`,
    'copy the sheet with the PCs into a workbook of its own',
  );
}

function decodePart(content: Uint8Array, path: string): string {
  const isUtf16 = content[0] === 0xff || content[0] === 0xfe;
  const encoding = isUtf16 ? (content[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch (error) {
    throw new LabError('input', `its part ${path} is damaged`, 'open it and save it again', {
      cause: error,
    });
  }
}
