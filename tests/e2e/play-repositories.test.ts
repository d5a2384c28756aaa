import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Lines, Wish } from '../helpers/compare-on-pcs.ts';
import { type Compared, compareSteps, type Project, type Step } from '../helpers/compare-steps.ts';
import { describeOnPcs } from '../helpers/sim.ts';

const repositories = join(import.meta.dirname, '..', 'fixtures', 'repositories');
const ownPlaybooks = join(import.meta.dirname, '..', '..', 'playbooks');

/** Where a password is set, useradd(8) and chpasswd(8) run one after the other, each with a backup; Ansible's useradd has it among its words. */
const withPasswords = { '^/etc/shadow-$': 'the backup of one step later' };
// Ansible's module asks for crontab(1) even where it only writes a file of /etc/cron.d
const withCron = 'ln -s /bin/true /usr/bin/crontab';

/**
 * Stand-ins for lpadmin(8) and lpstat(1), as no CUPS is on simulated PCs: they keep a line for each queue and refuse what they do not know.
 */
const printerPrograms = `
mkdir -p /etc/cups
cat >/usr/sbin/lpadmin <<'END'
#!/bin/sh
queues=/etc/cups/stand-in.queues
touch "$queues"
case $1 in
-p) name=$2; shift 2; sed -i "/^$name /d" "$queues"; printf '%s %s\\n' "$name" "$*" >>"$queues" ;;
-x) grep -q "^$2 " "$queues" || { echo "lpadmin: The printer or class does not exist." >&2; exit 1; }; sed -i "/^$2 /d" "$queues" ;;
-d) grep -q "^$2 " "$queues" || exit 1; echo "$2" >"$queues.default" ;;
*) echo "lpadmin: unknown" >&2; exit 2 ;;
esac
END
cat >/usr/bin/lpstat <<'END'
#!/bin/sh
[ "$1" = -e ] || exit 2
[ ! -s /etc/cups/stand-in.queues ] || cut -d ' ' -f 1 /etc/cups/stand-in.queues
END
chmod 755 /usr/sbin/lpadmin /usr/bin/lpstat`;

const secret = (file: string) => ['--vault-password-file', file];
const twice = (playbook: string): readonly Step[] => [{ playbook }, { playbook }];

const projects: { readonly [name: string]: Wish & { readonly steps: readonly Step[] } } = {
  desktop: { pcs: 2, before: withCron, ignore: withPasswords, steps: twice('site.yml') },
  'exam-mode': {
    pcs: 3,
    flags: secret('.vault-password'),
    ignore: withPasswords,
    steps: [
      ...twice('exam-on.yml'),
      { playbook: 'collect.yml' },
      ...twice('exam-off.yml'),
      { playbook: 'exam-on.yml', flags: ['-t', 'network', '-l', 'students'] },
    ],
  },
  printers: { pcs: 2, before: printerPrograms, steps: twice('printers.yml') },
  users: {
    pcs: 2,
    flags: secret('vault-pass.txt'),
    ignore: withPasswords,
    steps: twice('site.yml'),
  },
  'development-tools': { pcs: 2, steps: twice('dev.yml') },
};

/** What the PCs of tests can install instead of what `playbooks/` ask for. */
const packages = {
  desktop: '{"desktop_packages": ["labkit-chalk"]}',
  programming: '{"course_packages": {"python": ["labkit-chalk", "labkit-abacus"]}}',
};
const exam = (word: string): Step => ({ playbook: 'exam.yml', flags: ['-e', `exam=${word}`] });
const examples: typeof projects = {
  desktop: {
    flags: ['-e', packages.desktop],
    ignore: withPasswords,
    steps: twice('desktop.yml'),
  },
  programming: { flags: ['-e', packages.programming], steps: twice('programming.yml') },
  printers: { before: printerPrograms, steps: twice('printers.yml') },
  exam: { pcs: 2, steps: [exam('on'), exam('on'), exam('off'), exam('off')] },
};

const projectOf = ({ steps, ...wish }: (typeof projects)[string], source: string): Project => ({
  source,
  wish,
  steps,
});

/** All that has to be so of a project; answers what it was judged by. */
async function compareProject(project: Project): Promise<Compared> {
  const compared = await compareSteps(project);
  const { ansible, lab, before, dry, steps } = compared;
  expect(lab).toEqual(ansible);
  expect(exits(lab)).toEqual(project.steps.map(() => '0'));
  expect(dry.lines.filter((line) => line.includes('| failed'))).toEqual([]);
  expect(exits(dry.lines)).toEqual(['0']);
  expect(dry.tree).toEqual(before);
  const again = steps.filter((_, index) => isAgain(project.steps, index));
  expect(again.length).toBeGreaterThan(0);
  for (const { lines } of again)
    expect(lines.filter((line) => line.includes('| changed'))).toEqual([]);
  return compared;
}

describeOnPcs(
  'run by lab play and by ansible-playbook with equal results, twice, after a dry run',
  () => {
    it.each(Object.entries(projects))(
      'the repository of a lab: %s',
      async (name, project) => {
        await compareProject(projectOf(project, join(repositories, name)));
      },
      300_000,
    );

    it.each(Object.entries(examples))(
      'the example playbook %s.yml',
      async (_, project) => {
        const { before, steps } = await compareProject(projectOf(project, ownPlaybooks));
        if (project !== examples['exam']) return;
        const stays = steps.at(-1)?.tree.filter((line) => !before.includes(line)) ?? [];
        const paths = stays.map((line) => line.split(' ')[2] ?? '');
        // beside the sign of the mode only the backups that the programs for accounts keep
        expect([...new Set(paths)].filter((path) => !/^\/etc\/\w+-$/.test(path))).toEqual([
          '/etc/exam-mode',
        ]);
      },
      300_000,
    );
  },
);

const exits = (lines: Lines): readonly string[] =>
  lines.flatMap((line) => /\| exit: (\d+)/.exec(line)?.[1] ?? []);

/** Whether a step does what the one before it did. */
function isAgain(steps: readonly Step[], index: number): boolean {
  return JSON.stringify(steps[index]) === JSON.stringify(steps[index - 1]);
}
