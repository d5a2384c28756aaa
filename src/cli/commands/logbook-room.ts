import { defineCommand } from '../define-command.ts';
import { showLogbook } from '../show-logbook.ts';

export default defineCommand({
  syntax: 'logbook room',
  summary: 'The room log: what people noted',
  description:
    'Rows are only added, each chained to the one before; exit code 2 when one was altered.',
  options: [['--add <text>', 'add a row in your name']],
  families: ['output', 'project'],
  examples: ['logbook room', 'logbook room --add "projector lamp changed"'],
  run: (context, _args, { add }) => showLogbook(context, 'room', add),
});
