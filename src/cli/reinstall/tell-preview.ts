import { type PreviewedPlan, reportPreview } from '../../report/reinstall-preview.ts';
import type { Context } from '../context.ts';
import { loadFormat, wantsColor } from '../show-report.ts';

/** Shows a plan on stderr before it is confirmed; the report of the run has stdout for itself. */
export async function tellPreview(context: Context, plan: PreviewedPlan): Promise<void> {
  const { io, settings } = context;
  const at = new Date(io.now()).toISOString();
  const format = await loadFormat(context, 'table');
  const columns = io.stderr.columns() ?? 100;
  const color = wantsColor(context, io.stderr);
  io.stderr.write(
    format.write(reportPreview(plan, at, settings.lang), { columns, color, lang: settings.lang }),
  );
}
