import { bool, list, path, str, textOfValue } from '../../model/arguments.ts';
import { defineModule } from '../../model/module.ts';
import { planCommand } from './parts/command-plan.ts';
import { renderExec, renderWords } from './parts/command-words.ts';
import { fail } from './parts/outcome.ts';
import { splitWords } from './parts/words.ts';

export default defineModule({
  name: 'command',
  collection: 'ansible.builtin',
  summary: 'Runs a program with its arguments, without a shell.',
  args: {
    cmd: str(),
    argv: list(),
    chdir: path(),
    creates: path(),
    removes: path(),
    executable: path({ ignored: 'a shell is not used; Ansible ignores it, too' }),
    stdin: str(),
    stdin_add_newline: bool({ fallback: true }),
    strip_empty_ends: bool({ fallback: true }),
    expand_argument_vars: bool({ fallback: true }),
    warn: bool({ ignored: 'Ansible gives no such warnings any more' }),
  },
  freeForm: 'cmd',
  isLocal: false,
  repeats: false,
  check({ cmd, argv }, isRendered) {
    if (!isRendered('cmd') || !isRendered('argv')) return [];
    if (cmd !== undefined && argv !== undefined)
      return ['only command or argv can be given, not both'];
    return (cmd ?? '').trim() === '' && (argv?.length ?? 0) === 0 ? ['no command given'] : [];
  },
  inspect(args, call) {
    const words = args.argv?.map(textOfValue) ?? splitWords(args.cmd ?? '');
    if ('problem' in words) return fail(words.problem);
    if (words.length === 0) return fail('no command given', { cmd: null, rc: 256 });
    return planCommand(
      {
        ...args,
        cmd: words,
        words,
        addsNewline: args.stdin_add_newline,
        strips: args.strip_empty_ends,
        start: (mark) => `${renderWords(words, args.expand_argument_vars)}\n${renderExec(mark)}`,
      },
      call,
    );
  },
});
