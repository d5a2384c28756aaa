import { defineExport } from '../../model/export.ts';
import { choice } from '../../model/options.ts';
import type { Lang } from '../../model/report.ts';
import { guardTextCell } from '../register-guard.ts';
import { renderRegister } from '../register-table.ts';
import { renderWorkbook } from '../xlsx-writer.ts';

export default defineExport({
  name: 'xlsx',
  summary:
    'The register for people as an Excel workbook; every cell is a text, so MAC addresses, staff numbers and serials stay as they are.',
  extension: 'xlsx',
  carriesOwners: true,
  options: { lang: choice<Lang>('zh-CN', ['zh-CN', 'en'], 'language of the headings') },
  write(hosts, { lang }, { inventory }) {
    const { headings, rows } = renderRegister('xlsx', hosts, lang, inventory);
    const name = lang === 'zh-CN' ? '登记表' : 'register';
    return renderWorkbook([{ name, headings, rows: rows.map((row) => row.map(guardTextCell)) }]);
  },
});
