import { bool } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { makeVars, type Value } from '../../model/value.ts';

export default defineModule({
  name: 'set_fact',
  collection: 'ansible.builtin',
  summary: 'Sets variables of the host for the rest of the run.',
  args: { cacheable: bool({ fallback: false }) },
  takesExtra: true,
  decide({ cacheable }, { extra }) {
    const names = Object.keys(extra);
    if (names.length === 0)
      return failed(
        'No key/value pairs provided, at least one is required for this action to succeed',
      );
    const wrong = names.find((name) => !/^[A-Za-z_]\w*$/.test(name));
    if (wrong !== undefined)
      return failed(
        `The variable name '${wrong}' is not valid. Variables must start with a letter or underscore character, and contain only letters, numbers and underscores.`,
      );
    const facts = makeVars(Object.entries(extra).map(([name, value]) => [name, typed(value)]));
    return {
      changed: false,
      facts,
      values: makeVars(cacheable ? [['_ansible_facts_cacheable', true]] : []),
    };
  },
});

function failed(msg: string) {
  return { changed: false, failed: true, msg };
}

// the words for yes and no become booleans here, in any case, as in Ansible
function typed(value: Value): Value {
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (word === 'true' || word === 'yes') return true;
  return word === 'false' || word === 'no' ? false : value;
}
