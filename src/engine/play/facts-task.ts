import type { PlayValue } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import { templatesIn } from './looking.ts';
import type { PlayRun } from './play-run.ts';
import { selectsFacts } from './select-tasks.ts';
import { isYes } from './way-in.ts';

/** The task "Gathering Facts" of a play, or nothing where facts are not wanted. It asks for no more than the playbook can look at. */
export async function factsTask(run: PlayRun): Promise<Task | undefined> {
  const { play, rim } = run;
  if (!rim.setup || !isWanted(run) || !selectsFacts(run)) return undefined;
  const args: Record<string, PlayValue> = {};
  if (play.gatherSubset !== undefined) args['gather_subset'] = play.gatherSubset;
  const names = factNames(run);
  if (names && 'names' in rim.setup.args) args['names'] = names;
  return {
    kind: 'task',
    id: `play${play.index}/facts`,
    name: 'Gathering Facts',
    at: play.at,
    action: 'ansible.builtin.gather_facts',
    does: { kind: 'module', module: rim.setup, args },
    // conditions and variables of the play's tasks are not its own
    keywords: { ...play.keywords, when: [], tags: ['always'] },
    changedWhen: [],
    failedWhen: [],
    until: [],
    notify: [],
    listen: [],
    folder: run.memory.playbookFolder,
  };
}

// the playbook's own templates are known; those of inventory and variables files may look at facts as well
function factNames({ factNames: known, hosts, state, memory }: PlayRun): string[] | undefined {
  if (known === 'all') return undefined;
  const layers = [
    state.extraVars,
    ...memory.varsFiles,
    ...hosts.map((host) => host.memory.host.vars),
  ];
  const texts = layers.flatMap((vars) => Object.values(vars).flatMap(templatesIn));
  const words = texts.flatMap((text) => text.match(/\bansible_\w+/g) ?? []);
  return words.includes('ansible_facts') ? undefined : [...new Set([...known, ...words])];
}

function isWanted({ play, rim, memory, state, hosts }: PlayRun): boolean {
  if (play.gatherFacts === undefined || play.gatherFacts === null) return true;
  const host = hosts[0]?.memory;
  if (typeof play.gatherFacts === 'boolean' || !host) return play.gatherFacts !== false;
  return isYes(
    rim.templar.render(play.gatherFacts, rim.makeScope({ run: state, host, play: memory })),
  );
}
