import { printable } from '../../model/display.ts';
import type { LoadedPlaybook } from '../../model/playbook.ts';
import { listPlaybook, type TagChoice } from '../../playbook/list.ts';
import type { Context } from '../context.ts';
import type { CommandOptions } from '../define-command.ts';
import type { Targets } from './select-targets.ts';

/** `--list-hosts`, `--list-tasks`, `--list-tags`: what would be run where, in Ansible's layout; no host is touched. */
export function tellPlaybook(
  { io }: Context,
  { playbook }: LoadedPlaybook,
  targets: Targets,
  wanted: { readonly choice: TagChoice; readonly options: CommandOptions },
): number {
  const { choice, options } = wanted;
  const lines = listPlaybook(playbook, choice).flatMap((play) => [
    '',
    `  play #${play.index} (${play.hosts}): ${play.name}\tTAGS: [${play.tags.join(', ')}]`,
    ...(options['listHosts'] === true ? hostLines(targets, play.hosts) : []),
    ...(options['listTasks'] === true
      ? [
          '    tasks:',
          ...play.tasks.map(({ name, tags }) => `      ${name}\tTAGS: [${tags.join(', ')}]`),
        ]
      : []),
    ...(options['listTags'] === true ? [`      TASK TAGS: [${play.taskTags.join(', ')}]`] : []),
  ]);
  const text = ['', `playbook: ${playbook.file}`, ...lines].map((line) =>
    line.split('\t').map(printable).join('\t'),
  );
  io.stdout.write(`${text.join('\n')}\n`);
  return 0;
}

function hostLines(targets: Targets, pattern: string): string[] {
  const hosts = targets.foresee(pattern);
  return [
    `    pattern: [${pattern}]`,
    `    hosts (${hosts.length}):`,
    ...hosts.map(({ name }) => `      ${name}`),
  ];
}
