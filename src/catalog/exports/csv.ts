import { defineExport } from '../../model/export.ts';
import { choice } from '../../model/options.ts';
import type { Lang } from '../../model/report.ts';
import { encodeTable, tableEncodings } from '../encode-table.ts';
import { guardValue } from '../register-guard.ts';
import { renderRegister } from '../register-table.ts';

export default defineExport({
  name: 'csv',
  summary:
    'The register for people as comma-separated values (RFC 4180); texts that a spreadsheet would take for a formula begin with an apostrophe.',
  extension: 'csv',
  carriesOwners: true,
  options: {
    lang: choice<Lang>('zh-CN', ['zh-CN', 'en'], 'language of the headings'),
    encoding: choice('utf-8-bom', tableEncodings, 'utf-8-bom is what Excel needs'),
  },
  write(hosts, { lang, encoding }, { inventory }) {
    const { headings, rows } = renderRegister('csv', hosts, lang, inventory);
    const lines = [headings, ...rows].map((fields) => `${fields.map(fieldOf).join(',')}\r\n`);
    return encodeTable(lines.join(''), encoding);
  },
});

/** Quotes tell the import that the value is a text and not what a spreadsheet has made of one. */
function fieldOf(text: string): string {
  return text === '' ? '' : `"${guardValue(text).replaceAll('"', '""')}"`;
}
