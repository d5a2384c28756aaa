import { str } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';

export default defineModule({
  name: 'fail',
  collection: 'ansible.builtin',
  summary: 'Fails with a message of its own.',
  args: { msg: str({ fallback: 'Failed as requested from task' }) },
  decide: ({ msg }) => ({ changed: false, failed: true, msg }),
});
