import { isTemplate, type PlayValue, type PlayVars, textOf } from '../../model/play-value.ts';
import type { Role, Task } from '../../model/playbook.ts';
import type { PlayRun } from './play-run.ts';

/** What a task's templates look at beyond its own host. */
export interface Looking {
  /** Who is still in the play. */
  readonly around: boolean;
  /** Variables of other hosts. */
  readonly others: boolean;
}

const around = /\b(?:ansible_)?play_(?:hosts|batch)\b/;
const others = /\bhostvars\b/;

/** Finds out by its texts what a task looks at: its own, those of the variables they name, and those of the file it renders. Says yes where it cannot tell. */
export async function lookingOf(run: PlayRun, task: Task): Promise<Looking> {
  const words = wordsOfVars(run, task.role);
  const own = textsIn(task).join('\n');
  const file = await renderedText(run, task);
  const texts = file === undefined ? own : `${own}\n${file}`;
  const names = new Set(texts.match(/[A-Za-z_]\w*/g) ?? []);
  const isHidden = file === undefined;
  return {
    around: isHidden || around.test(texts) || [...names].some((name) => words.around.has(name)),
    others: isHidden || others.test(texts) || [...names].some((name) => words.others.has(name)),
  };
}

interface Words {
  readonly around: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
}

type Texts = readonly (readonly [name: string, text: string])[];

/** Variables that stand for something beyond the own host, directly or through others. */
function wordsOfVars(run: PlayRun, role: Role | undefined): Words {
  const included = run.hosts.flatMap(({ memory, play }) =>
    [memory.includedVars, ...(play?.varsFiles ?? [])].flatMap(textsOfVars),
  );
  const roles = [...run.memory.roles, ...(role ? [role, ...(role.parentRoles ?? [])] : [])];
  const texts = [...fixedTexts(run), ...included, ...roles.flatMap(textsOfRole)];
  return { around: standingFor(texts, around), others: standingFor(texts, others) };
}

const ofRuns = new WeakMap<PlayRun, Texts>();
const ofRoles = new WeakMap<Role, Texts>();

// what does not change within a batch is read once
function fixedTexts(run: PlayRun): Texts {
  const known = ofRuns.get(run);
  if (known) return known;
  const { play, memory, state, hosts } = run;
  const layers = [play.vars, ...memory.varsFiles, state.extraVars];
  const texts = [...layers, ...hosts.map((host) => host.memory.host.vars)].flatMap(textsOfVars);
  ofRuns.set(run, texts);
  return texts;
}

function textsOfRole(role: Role): Texts {
  const { defaults, vars, params, entryVars = {} } = role;
  const texts = ofRoles.get(role) ?? [defaults, vars, params, entryVars].flatMap(textsOfVars);
  ofRoles.set(role, texts);
  return texts;
}

function textsOfVars(vars: PlayVars): Texts {
  return Object.entries(vars).flatMap(([name, value]) => {
    const found = templatesIn(value).filter((text) => text.includes('{'));
    return found.length === 0 ? [] : [[name, found.join('\n')] as const];
  });
}

function standingFor(texts: Texts, pattern: RegExp): ReadonlySet<string> {
  const found = new Set<string>();
  if (!texts.some(([, text]) => pattern.test(text))) return found;
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const [name, text] of texts)
      if (pattern.test(text) || (text.match(/[A-Za-z_]\w*/g) ?? []).some((word) => found.has(word)))
        found.add(name);
  }
  return found;
}

/** The text of the file a `template` task renders; '' for other tasks, undefined when it is not known or brings in further files. */
async function renderedText(run: PlayRun, task: Task): Promise<string | undefined> {
  const { does } = task;
  if (does.kind !== 'module' || does.module.name !== 'template') return '';
  const { src } = does.args;
  const [host] = run.hosts;
  if (typeof src !== 'string' || !host) return undefined;
  const wish = { path: src, folder: 'templates', optional: true } as const;
  const scope = run.rim.makeScope({ run: run.state, host: host.memory, play: run.memory, task });
  const source = await run.rim.loadSource(wish, scope.folders).catch(() => undefined);
  if (!source || !('content' in source) || !source.content) return undefined;
  const text = new TextDecoder().decode(source.content);
  return /\{%-?\s*(?:include|import|from|extends)\b/.test(text) ? undefined : text;
}

function textsIn(task: Task): readonly string[] {
  const { does, keywords, loop } = task;
  const values: PlayValue[] = [...keywords.environment, ...keywords.vars, ...task.notify];
  if (does.kind === 'module') values.push(does.args, does.argsTemplate ?? null);
  if (loop) values.push(loop.value, loop.label ?? null);
  const conditions = [...keywords.when, ...task.changedWhen, ...task.failedWhen];
  return [
    ...conditions.map(({ expression }) => String(expression)),
    ...values.flatMap(templatesIn),
  ];
}

/** Every text in a value that may be a template or an expression. */
export function templatesIn(value: PlayValue): readonly string[] {
  if (isTemplate(value)) return [textOf(value)];
  // plain texts count as well: an argument such as `that` or `var` is an expression without braces
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((item: PlayValue) => templatesIn(item));
}
