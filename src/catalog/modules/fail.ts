import { raw } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { makeVars, type Value } from '../../model/value.ts';

export default defineModule<{ msg: Value | undefined }>({
  name: 'fail',
  collection: 'ansible.builtin',
  summary: 'Fails with a message of its own.',
  args: { msg: raw() },
  decide: ({ msg }) => ({
    changed: false,
    failed: true,
    values: makeVars([['msg', msg ?? 'Failed as requested from task']]),
  }),
});
