import { defineImport } from '../../model/import.ts';
import { LabError } from '../../model/lab-error.ts';
import { parseCsv, separators } from '../csv-reader.ts';
import { decodeTable } from '../decode-table.ts';
import type { Grid } from '../grid.ts';
import { findHeadings } from '../import-headings.ts';
import { readPeopleSheet, unreadable } from '../import-sheet.ts';

export default defineImport({
  name: 'csv',
  summary:
    'A table of values with commas, semicolons or tabs, in UTF-8, UTF-16 or GB18030, one PC a row, headings in Chinese or English.',
  read({ file, bytes }) {
    try {
      return readPeopleSheet(parseBest(decodeTable(bytes)), file);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      return unreadable(file, error.message, error.hint);
    }
  },
});

/** The separator is the one by which most headings are known. */
function parseBest(text: string): Grid {
  const counts = separators.map((separator) => {
    const found = findHeadings(parseCsv(text, separator, 50));
    return { separator, count: found?.columns.length ?? 0 };
  });
  const best = counts.reduce((one, other) => (other.count > one.count ? other : one));
  return parseCsv(text, best.separator);
}
