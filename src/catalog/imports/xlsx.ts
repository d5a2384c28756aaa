import { defineImport } from '../../model/import.ts';
import { LabError } from '../../model/lab-error.ts';
import { readPeopleSheet, unreadable } from '../import-sheet.ts';
import { readWorkbook } from '../xlsx-reader.ts';

export default defineImport({
  name: 'xlsx',
  summary: 'An Excel workbook with one PC a row, headings in Chinese or English.',
  read({ file, bytes, sheet }) {
    try {
      return readPeopleSheet(readWorkbook(bytes, sheet), file);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      return unreadable(file, error.message, error.hint);
    }
  },
});
