import { LabError } from '../model/lab-error.ts';
import type { Grid } from './grid.ts';
import { unpackWorkbook } from './xlsx-package.ts';
import { readSheet } from './xlsx-sheet.ts';
import { readStyles } from './xlsx-styles.ts';
import { scanXml } from './xml-scanner.ts';

/** Reads one sheet of a workbook (.xlsx, ECMA-376): the named one, else the first that is shown and has cells. Throws LabError 'input' for what cannot be read, 'usage' for a sheet that is not there. */
export function readWorkbook(bytes: Uint8Array, sheet?: string): Grid {
  const parts = unpackWorkbook(bytes);
  const { sheets, is1904 } = readSheetList(parts.get('xl/workbook.xml') ?? '');
  const targets = readTargets(parts.get('xl/_rels/workbook.xml.rels'));
  const shared = {
    strings: readStrings(parts.get(pathOfKind(targets, 'sharedStrings'))),
    styles: readStyles(parts.get(pathOfKind(targets, 'styles'))),
    is1904,
  };
  const read = ({ name, id }: ListedSheet): Grid =>
    readSheet(name, parts.get(targets.get(id)?.path ?? '') ?? '', shared);
  if (sheet !== undefined) {
    const named = sheets.find(({ name }) => name === sheet);
    if (named) return read(named);
    const names = sheets.map(({ name }) => name).join(', ');
    throw new LabError('usage', `there is no sheet "${sheet}"`, `its sheets are ${names}`);
  }
  for (const listed of sheets.filter(({ isHidden }) => !isHidden)) {
    const grid = read(listed);
    if (grid.rows.length > 0) return grid;
  }
  throw new LabError('input', 'the workbook has no cells', 'is it the right file?');
}

interface ListedSheet {
  readonly name: string;
  readonly id: string;
  readonly isHidden: boolean;
}

function readSheetList(xml: string): { sheets: ListedSheet[]; is1904: boolean } {
  const sheets: ListedSheet[] = [];
  let is1904 = false;
  for (const token of scanXml(xml)) {
    if (token.kind !== 'open') continue;
    const { path, attributes } = token;
    const state = attributes.get('state') ?? 'visible';
    if (path === 'workbook/workbookPr')
      is1904 = /^(?:1|true)$/.test(attributes.get('date1904') ?? '');
    if (path === 'workbook/sheets/sheet')
      sheets.push({
        name: attributes.get('name') ?? '',
        id: attributes.get('id') ?? '',
        isHidden: state !== 'visible',
      });
  }
  return { sheets, is1904 };
}

type Targets = ReadonlyMap<string, { readonly kind: string; readonly path: string }>;

function readTargets(xml: string | undefined): Targets {
  const targets = new Map<string, { kind: string; path: string }>();
  for (const token of scanXml(xml ?? '')) {
    if (token.kind !== 'open' || !token.path.endsWith('/Relationship')) continue;
    const target = token.attributes.get('Target') ?? '';
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    const kind = token.attributes.get('Type')?.split('/').at(-1) ?? '';
    targets.set(token.attributes.get('Id') ?? '', { kind, path });
  }
  return targets;
}

function pathOfKind(targets: Targets, kind: string): string {
  return [...targets.values()].find((target) => target.kind === kind)?.path ?? '';
}

/** Texts that cells refer to by number; pieces of one text with different fonts are joined, phonetic hints are left out (18.4). */
function readStrings(xml: string | undefined): readonly string[] {
  const strings: string[] = [];
  let text = '';
  for (const token of scanXml(xml ?? '')) {
    const { kind, path } = token;
    if (kind === 'text' && (path === 'sst/si/t' || path === 'sst/si/r/t')) text += token.text;
    if (kind !== 'close' || path !== 'sst/si') continue;
    strings.push(text);
    text = '';
  }
  return strings;
}
