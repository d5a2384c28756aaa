import { foldWidth, tidyText } from '../model/tidy-text.ts';
import type { GridCell } from './grid.ts';
import { type ReadMacs, readMacCell } from './mac-cell.ts';
import type { RegisterColumn } from './register-columns.ts';
import { isShortened, unguardValue } from './register-guard.ts';
import { isPlaceholder, readWord, wordsFor } from './register-words.ts';

/** A cell as the register understands it: '' for an empty one; or why it cannot be used. */
export type ReadCell = ReadMacs;

/** Reads the cell of a column: mends what is only spelling (and notes it), refuses what a spreadsheet has ruined. */
export function readCell(cell: GridCell, column: RegisterColumn, heading: string): ReadCell {
  const meant = unguardValue(cell.text);
  const typed = tidyText(meant);
  const folded = column.isCode ? foldWidth(typed) : typed;
  const notes = [
    cell.note,
    fullWidth.test(typed) && column.isCode ? 'full-width letters or digits' : '',
  ];
  const text = tidyText(folded);
  if (text === '' || isPlaceholder(text)) return { text: '', note: '' };
  const ruined = meant === cell.text ? damageOf(cell, text, column) : '';
  if (ruined !== '') return ruin(cell, text, ruined);
  if (column.field === 'mac') {
    const macs = readMacCell(text, heading);
    return 'problem' in macs ? macs : { text: macs.text, note: join([...notes, macs.note]) };
  }
  if (wordsFor(column.field) !== undefined) return readKnownWord(text, column, notes);
  if (column.field === 'ip')
    return { text: text.replaceAll('。', '.').replaceAll(' ', ''), note: join(notes) };
  const zeros = cell.type === 'number' && zerosCount.has(column.field) && /^\d+$/.test(text);
  if (zeros) notes.push('a number in the sheet; zeros before it would be lost');
  return { text: text.replaceAll('\n', ' '), note: join(notes) };
}

const fullWidth = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/;
/** Where zeros at the beginning are part of the value. */
const zerosCount: ReadonlySet<string> = new Set(['owner.id', 'owner.phone', 'asset', 'serial']);

function ruin(cell: GridCell, text: string, why: string): ReadCell {
  const shown = cell.text === text ? `"${text}"` : `"${text}" (${JSON.stringify(cell.text)})`;
  return {
    problem: `${shown}: ${why}; what was typed is lost`,
    hint: 'look the value up again, and format the column as text before typing it',
  };
}

function damageOf(cell: GridCell, text: string, { field }: RegisterColumn): string {
  if (cell.damage !== '') return cell.damage;
  if (field === 'mac' && cell.type === 'number')
    return 'the spreadsheet made a number of it, which has no zeros at its beginning';
  if (isShortened(text)) return 'the spreadsheet made a number of it';
  if (cell.type !== 'bare') return '';
  if (looksLikeDate(text)) return 'the spreadsheet made a date of it';
  return /^\d{15}0{2,}$/.test(text) ? 'the spreadsheet kept only its first 15 digits' : '';
}

/** What Excel shows in place of `1/1/24`, `1-2` or `3/4`, in Chinese and in English. */
function looksLikeDate(text: string): boolean {
  return (
    /^\d{4}\/\d{1,2}\/\d{1,2}$|^\d{1,2}月\d{1,2}日$|^\d{4}年\d{1,2}月(?:\d{1,2}日)?$/.test(text) ||
    /^(?:\d{1,2}-)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:-\d{1,4})?$/.test(text)
  );
}

function readKnownWord(text: string, column: RegisterColumn, notes: readonly string[]): ReadCell {
  const word = readWord(column.field, text);
  if (word !== undefined) return { text: word, note: join(notes) };
  const known = wordsFor(column.field)?.join(', ') ?? '';
  // "台式机" under "设备类型" is true and only says nothing new.
  if (column.field === 'class') return { text: '', note: `"${text}" is no class; left out` };
  return {
    problem: `"${text}" is none of the words for ${column.field}`,
    hint: `write one of ${known}`,
  };
}

function join(notes: readonly string[]): string {
  return notes.filter((note) => note !== '').join('; ');
}
