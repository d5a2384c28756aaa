/** One filled cell of a sheet as people see it. */
export interface GridCell {
  readonly text: string;
  /** Such as `C7`. */
  readonly ref: string;
  /** What was done to get the text, for people; '' for nothing. */
  readonly note: string;
  /** Why the text is no longer what was typed ("the spreadsheet made a date of it"), else ''. */
  readonly damage: string;
  /** `number`: the sheet holds a number, so zeros at its beginning are lost; `bare`: text that may have been one (CSV without quotes). */
  readonly type: 'text' | 'number' | 'bare';
}

/** A row that has cells: its number from 1, and its cells by column from 0. */
export interface GridRow {
  readonly number: number;
  readonly cells: ReadonlyMap<number, GridCell>;
}

/** A sheet of a workbook, or a CSV file; empty rows are left out. */
export interface Grid {
  readonly name: string;
  readonly rows: readonly GridRow[];
}

/** What a spreadsheet calls a column (from 0): A to Z, AA ... */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

/** The place of a cell as `C7` tells it: row from 1, column from 0; undefined for what is none. */
export function parseRef(ref: string): { row: number; column: number } | undefined {
  const [, letters = '', digits = ''] = /^\$?([A-Z]{1,3})\$?([1-9]\d{0,6})$/.exec(ref) ?? [];
  if (digits === '') return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return { row: Number(digits), column: column - 1 };
}
