import { path, str } from '../../model/arguments.ts';
import { quoteSh } from '../../model/command.ts';
import { defineModule, done } from '../../model/module.ts';
import { outputValues } from './parts/command-result.ts';
import { loginLocale } from './parts/command-words.ts';
import { fail } from './parts/outcome.ts';
import { script } from './parts/script-action.ts';

export default defineModule({
  name: 'raw',
  collection: 'ansible.builtin',
  summary: 'Runs a line in a shell of the host and returns what it printed as it came.',
  args: { cmd: str({ required: true }), executable: path({ fallback: '/bin/sh' }) },
  freeForm: 'cmd',
  isLocal: false,
  repeats: false,
  inspect({ cmd, executable }, { checkMode }) {
    if (checkMode) return done({ changed: false, skipped: true });
    const text = `${loginLocale}\nexec ${quoteSh(executable)} -c ${quoteSh(cmd)}`;
    return {
      kind: 'act',
      actions: [script({ shell: 'sh', script: text, shown: cmd }, { mayFail: true })],
      expected: { changed: true },
      read([ran]) {
        if (ran === undefined) return fail('the host did not say what became of the command');
        const isFailed = ran.exitCode !== 0;
        return done({
          changed: true,
          ...(isFailed && { failed: true, msg: 'non-zero return code' }),
          values: { rc: ran.exitCode, ...outputValues(ran.stdout, ran.stderr) },
          changes: [cmd],
        });
      },
    };
  },
});
