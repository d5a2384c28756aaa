import { defineFormat } from '../../model/report.ts';
import { renderSafeJson } from '../safe-json.ts';

export default defineFormat({
  name: 'ndjson',
  summary: 'One JSON object a line for each record, for streams.',
  extension: 'ndjson',
  write({ records }) {
    return records.rows.map((row) => `${renderSafeJson(row)}\n`).join('');
  },
});
