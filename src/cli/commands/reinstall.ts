import { defineCommand } from '../define-command.ts';
import { runReinstallCommand } from '../reinstall/run-reinstall.ts';

export default defineCommand({
  syntax: 'reinstall <pattern>',
  summary: 'Install hosts anew over the network, until each is proven to be what was asked for',
  description:
    'Shows first what would be wiped and who is left out; begins when the number of hosts, or their room, is typed back (in scripts: --yes --confirm COUNT). Needs a running lab netboot serve. Nobody who was not shown is ever armed.',
  options: [
    ['--profile <name>', 'install this instead of what the inventory says'],
    ['--canary <n>', 'the first N hosts alone (default 1 where there are more than 4; 0: none)'],
    ['--waves <sizes>', 'then hosts in waves, the last size repeating: 1,3,all or 25%'],
    [
      '--max-fail-percentage <n>',
      'stop the next wave when more than this part of the hosts so far failed (default 0)',
    ],
    ['--expires <minutes>', 'an armed host disarms itself after so long', '60'],
    ['--preview', 'only show what would happen'],
    ['--fail-on-change', 'with --preview: exit 8 when something would be reinstalled'],
    ['--digest <digest>', 'refuse any other plan than the one that was previewed with this digest'],
    ['--despite <rules>', 'set aside what is a matter of judgement: class, status, lesson, users'],
    [
      '--max-hosts <n>',
      'so many hosts at most where the pattern does not name their rooms (default 16)',
    ],
    ['--stage-deadline <seconds>', 'one limit for each stage instead of the usual ones'],
    ['--boot-service <url>', 'the boot service, where it does not run on this machine'],
  ],
  families: ['inventory', 'output', 'connection', 'vars', 'vault', 'run', 'confirm', 'project'],
  examples: [
    'reinstall lab_a --preview',
    'reinstall lab_a --waves 1,3,all --max-fail-percentage 10',
    'reinstall a07 --profile debian-12 --yes --confirm 1',
  ],
  run: (context, [pattern], options) => runReinstallCommand(context, pattern as string, options),
});
