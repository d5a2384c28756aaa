import { int, raw } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { makeVars, type Value } from '../../model/value.ts';

/** Prints nothing itself: what it answers is shown as its result. */
export default defineModule<{ msg: Value | undefined; var: Value | undefined; verbosity: number }>({
  name: 'debug',
  collection: 'ansible.builtin',
  summary: 'Shows a text or a variable while the playbook runs.',
  args: { msg: raw(), var: raw(), verbosity: int({ fallback: 0 }) },
  check: ({ msg, var: name }) =>
    msg !== undefined && name !== undefined ? ["'msg' and 'var' are incompatible options"] : [],
  decide({ msg, var: name, verbosity }, call) {
    if (verbosity > Number(call.variable('ansible_verbosity') ?? 0))
      return {
        changed: false,
        skipped: true,
        values: makeVars([['skipped_reason', 'Verbosity threshold not met.']]),
      };
    if (name === undefined)
      return { changed: false, values: makeVars([['msg', msg ?? 'Hello world!']]) };
    const shown = typeof name === 'string' ? call.variable(name) : name;
    return {
      changed: false,
      values: makeVars([[nameOf(name), shown ?? 'VARIABLE IS NOT DEFINED!']]),
    };
  },
});

function nameOf(name: Value): string {
  if (Array.isArray(name)) return "<class 'list'>";
  return typeof name === 'object' && name !== null ? "<class 'dict'>" : String(name);
}
