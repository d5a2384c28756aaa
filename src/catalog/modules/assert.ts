import { bool, raw } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { makeVars, type Value } from '../../model/value.ts';

interface Args {
  readonly that: Value;
  readonly fail_msg: Value | undefined;
  readonly success_msg: Value | undefined;
  readonly quiet: boolean;
}

export default defineModule<Args>({
  name: 'assert',
  collection: 'ansible.builtin',
  summary: 'Fails unless all of the given conditions hold.',
  args: {
    that: raw({ required: true }),
    fail_msg: raw({ aliases: ['msg'] }),
    success_msg: raw(),
    quiet: bool({ fallback: false }),
  },
  decide({ that, fail_msg: failMsg, success_msg: successMsg }, call) {
    for (const condition of Array.isArray(that) ? (that as readonly Value[]) : [that]) {
      if (call.judge(condition)) continue;
      return {
        changed: false,
        failed: true,
        values: makeVars([
          ['assertion', condition],
          ['evaluated_to', false],
          ['msg', failMsg ?? 'Assertion failed'],
        ]),
      };
    }
    return { changed: false, values: makeVars([['msg', successMsg ?? 'All assertions passed']]) };
  },
});
