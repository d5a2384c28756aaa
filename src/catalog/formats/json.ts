import { defineFormat } from '../../model/report.ts';
import { renderSafeJson } from '../safe-json.ts';

export default defineFormat({
  name: 'json',
  summary: 'One JSON object for scripts; its shape is a contract.',
  extension: 'json',
  write({ schema, startedAt, finishedAt, document }) {
    const { run, totals, ...rest } = document;
    const named = run === undefined ? { schema } : { schema, run };
    const times = { startedAt, finishedAt };
    return `${renderSafeJson({ ...named, ...times, ...(totals === undefined ? {} : { totals }), ...rest }, 2)}\n`;
  },
});
