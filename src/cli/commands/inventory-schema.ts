import { renderJsonSchema } from '../../inventory/schema.ts';
import { defineCommand } from '../define-command.ts';

export default defineCommand({
  syntax: 'inventory schema',
  summary: 'JSON Schema of inventories, for editors that complete and check while you type',
  description:
    'Put "# yaml-language-server: $schema=inventory.schema.json" on the first line of an inventory, beside the file this prints.',
  families: [],
  examples: ['inventory schema > inventories/inventory.schema.json'],
  async run({ io }) {
    io.stdout.write(`${JSON.stringify(renderJsonSchema(), null, 2)}\n`);
    return 0;
  },
});
