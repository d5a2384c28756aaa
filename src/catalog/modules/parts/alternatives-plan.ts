import { sh } from '../../../model/command.ts';
import { done, type Planned } from '../../../model/module.ts';
import type { AlternativeArgs, AlternativesFound, Subcommand } from './alternatives.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';

interface Step {
  readonly words: readonly string[];
  readonly change: string;
}

/** Plans what a name is to stand for. `mayCome` says that check mode expects programs nobody sees yet. */
export function planAlternative(
  args: AlternativeArgs,
  subcommands: readonly Subcommand[] | undefined,
  found: AlternativesFound,
  mayCome: boolean,
): Planned {
  const { name, path, state } = args;
  const there = found.choices.find((choice) => choice.path === path);
  const remove: Step = { words: ['--remove', name, path], change: `removed ${path} from ${name}` };
  if (state === 'absent') return finish(found, there === undefined ? [] : [remove]);
  const steps: Step[] = [];
  if (there === undefined || needsInstall(args, subcommands, there)) {
    if (!found.hasProgram && !mayCome) return fail(`Specified path ${path} does not exist`);
    const link = args.link ?? found.link;
    if (link === '') return fail(`${name} is unknown on this host: its link is needed`);
    steps.push(installStep(args, link, subcommands ?? there?.subcommands ?? [], there?.priority));
  }
  return finish(found, [...steps, ...choiceSteps(args, found)]);
}

function choiceSteps({ name, path, state }: AlternativeArgs, found: AlternativesFound): Step[] {
  if (state === 'selected' && found.current !== path)
    return [{ words: ['--set', name, path], change: `selected ${path} for ${name}` }];
  if (state === 'auto' && !found.isAuto && found.choices.length > 0)
    return [{ words: ['--auto', name], change: `set ${name} to auto` }];
  return [];
}

function installStep(
  { name, path, priority }: AlternativeArgs,
  link: string,
  subcommands: readonly Subcommand[],
  oldPriority: number | undefined,
): Step {
  const slaves = subcommands.flatMap((item) => ['--slave', item.link, item.name, item.path]);
  return {
    words: ['--install', link, name, path, String(priority ?? oldPriority ?? 50), ...slaves],
    change: `installed ${path} for ${name}`,
  };
}

function needsInstall(
  args: AlternativeArgs,
  subcommands: readonly Subcommand[] | undefined,
  there: AlternativesFound['choices'][number],
): boolean {
  if (args.priority !== undefined && args.priority !== there.priority) return true;
  if (subcommands === undefined) return false;
  const key = (list: readonly Subcommand[]) =>
    list
      .map((item) => `${item.name} ${item.path}`)
      .sort()
      .join('\n');
  return key(subcommands) !== key(there.subcommands);
}

function finish({ command }: AlternativesFound, steps: readonly Step[]): Planned {
  if (steps.length === 0) return done({ changed: false });
  return alter({
    actions: steps.map(({ words }) => script(sh`${command} ${words}`)),
    result: { changed: true, changes: steps.map(({ change }) => change) },
    failure: (ran) => `update-alternatives failed: ${complaintOf(ran)}`,
  });
}
