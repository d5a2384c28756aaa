import { str } from '../../model/arguments.ts';
import { sh } from '../../model/command.ts';
import { ask, defineModule, done, probeScript } from '../../model/module.ts';

export default defineModule({
  name: 'ping',
  collection: 'ansible.builtin',
  summary: 'Shows that tasks can be run on the host; answers pong, or the text given.',
  args: { data: str({ fallback: 'pong' }) },
  isLocal: true,
  inspect: ({ data }) =>
    ask({ shell: probeScript(sh`echo pong`) }, ({ shell }) =>
      shell.exitCode === 0
        ? done({ changed: false, values: { ping: data } })
        : done({ changed: false, failed: true, msg: 'the shell of the host does not work' }),
    ),
});
