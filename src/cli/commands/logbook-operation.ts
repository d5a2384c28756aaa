import { defineCommand } from '../define-command.ts';
import { showLogbook } from '../show-logbook.ts';

export default defineCommand({
  syntax: 'logbook operation',
  summary: 'The operation table: what was done to PCs; runs that act add their own row',
  description:
    'Rows are only added, each chained to the one before; exit code 2 when one was altered.',
  options: [['--add <text>', 'add a row in your name']],
  families: ['output', 'project'],
  examples: ['logbook operation', 'logbook operation -o csv --output-file operations.csv'],
  run: (context, _args, { add }) => showLogbook(context, 'operation', add),
});
