import { LabError } from '../model/lab-error.ts';
import { reportLogbook } from '../report/logbook-report.ts';
import type { Book } from '../store/store.ts';
import type { Context } from './context.ts';
import { openProjectStore } from './open-store.ts';
import { makeRunIdentity } from './run-identity.ts';
import { showReport } from './show-report.ts';

/** Shows a book of the logbook, after adding a row when one is asked for. Exit code 2 when a row was altered. */
export async function showLogbook(context: Context, book: Book, add: unknown): Promise<number> {
  const store = await openProjectStore(context);
  const { since, who } = makeRunIdentity(context);
  if (typeof add === 'string') {
    if (add.trim() === '')
      throw new LabError('usage', 'there is nothing to add', 'write --add TEXT');
    store.appendLogbook({ book, at: since, who, text: add.trim(), run: '', hosts: '', result: '' });
  }
  await showReport(
    context,
    reportLogbook(book, store.loadLogbook(book), since, context.settings.lang),
  );
  const altered = store.findAlteredRow();
  if (altered === undefined) return 0;
  context.io.stderr.write(
    `error  row ${altered} of the logbook was altered, or one before it is missing\n`,
  );
  return 2;
}
