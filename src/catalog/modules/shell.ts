import { bool, path, str } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { planCommand } from './parts/command-plan.ts';
import { renderExec, renderWords } from './parts/command-words.ts';

export default defineModule({
  name: 'shell',
  collection: 'ansible.builtin',
  summary: 'Runs a line in a shell of the host, /bin/sh unless another is named.',
  args: {
    cmd: str({ required: true }),
    chdir: path(),
    creates: path(),
    removes: path(),
    executable: path({ fallback: '/bin/sh' }),
    stdin: str(),
    stdin_add_newline: bool({ fallback: true }),
    strip_empty_ends: bool({ fallback: true }),
    warn: bool({ ignored: 'Ansible gives no such warnings any more' }),
  },
  freeForm: 'cmd',
  isLocal: false,
  repeats: false,
  check: ({ cmd }, isRendered) =>
    isRendered('cmd') && cmd.trim() === '' ? ['no command given'] : [],
  inspect(args, call) {
    const words = [args.executable, '-c', args.cmd];
    return planCommand(
      {
        ...args,
        words,
        addsNewline: args.stdin_add_newline,
        strips: args.strip_empty_ends,
        start: (mark) => `${renderWords(words, false)}\n${renderExec(mark)}`,
      },
      call,
    );
  },
});
