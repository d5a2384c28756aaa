import { str, texts } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { makeVars } from '../../model/value.ts';

export default defineModule({
  name: 'group_by',
  collection: 'ansible.builtin',
  summary: 'Puts hosts into groups by what is known of them, for later plays.',
  args: { key: str({ required: true }), parents: texts({ fallback: ['all'] }) },
  decide({ key, parents }) {
    const plain = (name: string): string => name.replaceAll(' ', '-');
    return {
      changed: true,
      values: makeVars([
        ['add_group', plain(key)],
        ['parent_groups', parents.map(plain)],
      ]),
      effects: { groupBy: { key, parents } },
    };
  },
});
