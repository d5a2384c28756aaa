import { defineCommand } from '../define-command.ts';
import { runPlayCommand } from '../play/run-play-command.ts';

export default defineCommand({
  syntax: 'play <playbook>',
  summary: 'Roll out software with an Ansible-syntax playbook',
  description:
    'The PCs need neither Python nor an agent: only SSH and a POSIX shell. What is not supported is refused before any host is touched, with its place. Of a folder, --syntax-check says which files of a repository run, and with -v what the others need.',
  options: [
    ['-C, --check', 'change nothing: say what would change'],
    ['-D, --diff', 'show what changes, line by line'],
    ['-t, --tags <tags>', 'only tasks with one of these tags, comma-separated; repeatable', []],
    ['--skip-tags <tags>', 'leave out tasks with one of these tags; repeatable', []],
    ['--start-at-task <name>', 'begin with the first task of this name'],
    ['--list-hosts', 'only list the hosts'],
    ['--list-tasks', 'only list the tasks'],
    ['--list-tags', 'only list the tags'],
    ['--syntax-check', 'only look for problems; a folder is looked through'],
    ['--step', 'ask before each task'],
    ['--force-handlers', 'run handlers of failed hosts too'],
    ['--canary <n>', 'first N hosts of each model on which this playbook has not passed yet'],
    ['--waves <sizes>', 'hosts in waves: numbers or percentages, such as 2,25%,100%'],
    ['--suite <name>', 'a check suite every wave must pass before the next one begins'],
    [
      '--max-fail <n>',
      'stop the next wave when more hosts than this failed or were lost (default 0)',
    ],
    ['--wait <seconds>', 'wait so long for hosts that another run has locked'],
    ['--fail-on-change', 'with --check: exit 8 when something would change'],
  ],
  families: ['inventory', 'output', 'connection', 'vars', 'vault', 'run', 'project'],
  examples: [
    'play playbooks/desktop.yml -l lab_a --check --diff',
    'play playbooks/desktop.yml -l lab_a --canary 1 --suite daily',
    'play playbooks/exam.yml -l lab_b -e exam=on',
    'play . --syntax-check -v',
  ],
  run: (context, [playbook], options) => runPlayCommand(context, playbook as string, options),
});
