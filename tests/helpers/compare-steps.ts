import {
  type Lines,
  type Meant,
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
  readonly differs?: readonly Meant[];
}

/** A step as lines, and what the PCs' disks held after it. */
export interface Done {
  readonly lines: Lines;
  readonly tree: Lines;
}

/** Runs all steps by each program on a room of its own, at the same time; lines of the whole, and of the single steps. */
export async function compareSteps(
  project: Project,
): Promise<{ ansible: Lines; lab: Lines; labSteps: readonly Done[] }> {
  const labSteps: Done[] = [];
  const [ansible, lab] = await Promise.all([
    onRoom(project.wish, (place) => runSteps(project, place, runAnsible, []), project.source),
    onRoom(project.wish, (place) => runSteps(project, place, runLab, labSteps), project.source),
  ]);
  return { ansible, lab, labSteps };
}

/** Runs steps by `lab play` alone. */
export async function labSteps(project: Project): Promise<readonly Done[]> {
  const done: Done[] = [];
  await onRoom(project.wish, (place) => runSteps(project, place, runLab, done), project.source);
  return done;
}

type Run = (place: Place, playbook: string, wish: Wish) => Promise<Lines>;

async function runSteps(project: Project, place: Place, run: Run, done: Done[]): Promise<Lines> {
  const { wish, steps } = project;
  for (const [index, { playbook, flags = [] }] of steps.entries()) {
    const step = { ...wish, flags: [...(wish.flags ?? []), ...flags] };
    const lines = await run(place, playbook, step);
    done.push({
      lines: lines.map((line) => `${index + 1} ${playbook} | ${line}`),
      tree: treeLines(place.sim, wish),
    });
  }
  return done.flatMap(({ lines }) => lines);
}
