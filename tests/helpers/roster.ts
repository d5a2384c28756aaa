/** A cell of a roster: a text, a number or a date as a spreadsheet stores it, or nothing; `rows` merges it downwards. */
export interface RosterCell {
  readonly text: string;
  readonly number?: number;
  readonly date?: string;
  readonly rows?: number;
}

/** Writes cells as a flat OpenDocument sheet (ODF 1.2), which LibreOffice turns into whatever people send each other. */
export function renderFlatSheet(rows: readonly (readonly (RosterCell | string)[])[]): string {
  const covered = new Set<string>();
  const lines = rows.map((row, line) => {
    const cells = row.map((cell, column) => {
      if (covered.has(`${line} ${column}`)) return '<table:covered-table-cell/>';
      const full = typeof cell === 'string' ? { text: cell } : cell;
      for (let below = 1; below < (full.rows ?? 1); below += 1)
        covered.add(`${line + below} ${column}`);
      return renderCell(full);
    });
    return `<table:table-row>${cells.join('')}</table:table-row>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"',
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"',
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">',
    '<office:automatic-styles><number:date-style style:name="d"><number:month/><number:text>月</number:text><number:day/><number:text>日</number:text></number:date-style>',
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="d"/></office:automatic-styles>',
    `<office:body><office:spreadsheet><table:table table:name="登记">${lines.join('')}</table:table></office:spreadsheet></office:body></office:document>`,
  ].join('');
}

function renderCell({ text, number, date, rows }: RosterCell): string {
  const span =
    rows === undefined
      ? ''
      : ` table:number-rows-spanned="${rows}" table:number-columns-spanned="1"`;
  if (number !== undefined)
    return `<table:table-cell${span} office:value-type="float" office:value="${number}"/>`;
  if (date !== undefined)
    return `<table:table-cell${span} table:style-name="date" office:value-type="date" office:date-value="${date}"/>`;
  const lines = text.split('\n').map((line) => `<text:p>${escapeXml(line)}</text:p>`);
  return text === ''
    ? `<table:table-cell${span}/>`
    : `<table:table-cell${span} office:value-type="string">${lines.join('')}</table:table-cell>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
