import {
  type Lines,
  onRoom,
  type Place,
  runAnsible,
  runLab,
  treeLines,
  type Wish,
} from './compare-on-pcs.ts';

/** One run of a playbook of a project; by both programs, one after the other on the same room. */
export interface Step {
  readonly playbook: string;
  readonly flags?: readonly string[];
}

/** A project whose playbooks are run one after the other. */
export interface Project {
  /** Folder that is copied. */
  readonly source: string;
  readonly wish: Wish;
  readonly steps: readonly Step[];
}

/** A step as lines, and what the PCs' disks held after it. */
export interface Done {
  readonly lines: Lines;
  readonly tree: Lines;
}

/** What came of a project: each program's lines, and Labkit's single steps, before them its dry run. */
export interface Compared {
  readonly ansible: Lines;
  readonly lab: Lines;
  readonly before: Lines;
  readonly dry: Done;
  readonly steps: readonly Done[];
}

/** Runs all steps by each program on a room of its own, at the same time; by Labkit first the first step as a dry run. */
export async function compareSteps(project: Project): Promise<Compared> {
  const { wish, source, steps } = project;
  const told: { before?: Lines; dry?: Done; steps?: readonly Done[] } = {};
  const runAll = async (place: Place, run: Run): Promise<readonly Done[]> => {
    const done: Done[] = [];
    for (const step of steps) done.push(await runStep(project, place, run, step));
    return done;
  };
  const [ansible, lab] = await Promise.all([
    onRoom(wish, async (place) => linesOf(await runAll(place, runAnsible)), source),
    onRoom(
      wish,
      async (place) => {
        const { playbook = '', flags = [] } = steps[0] ?? {};
        const dry = { playbook, flags: [...flags, '--check', '--diff'] };
        told.before = treeLines(place.sim, wish);
        told.dry = await runStep(project, place, runLab, dry);
        told.steps = await runAll(place, runLab);
        return linesOf(told.steps);
      },
      source,
    ),
  ]);
  const { before = [], dry = { lines: [], tree: [] }, steps: done = [] } = told;
  return { ansible, lab, before, dry, steps: done };
}

type Run = (place: Place, playbook: string, wish: Wish) => Promise<Lines>;

async function runStep(
  { wish, steps }: Project,
  place: Place,
  run: Run,
  step: Step,
): Promise<Done> {
  const { playbook, flags = [] } = step;
  const lines = await run(place, playbook, { ...wish, flags: [...(wish.flags ?? []), ...flags] });
  const number = steps.indexOf(step) + 1;
  return {
    lines: lines.map((line) => `${number} ${playbook} | ${line}`),
    tree: treeLines(place.sim, wish),
  };
}

const linesOf = (done: readonly Done[]): Lines => done.flatMap(({ lines }) => lines);
