import type { LocatedMap } from '../model/located.ts';
import { isTemplate, type PlayValue } from '../model/play-value.ts';
import type { Task, Work } from '../model/playbook.ts';
import type { WrittenAction } from './action.ts';
import { roleOptions } from './import-role.ts';
import {
  readApply,
  readOption,
  readSwitch,
  refuseIncludeWords,
  refuseOptions,
} from './include-args.ts';
import { belowInclude, keepPlace, scratchPlay } from './include-place.ts';
import { type Place, reportTo } from './loading.ts';
import { baseOf } from './paths.ts';
import { loadRole, type RoleUse } from './role.ts';
import { finishTask, placeBelow } from './task.ts';
import { readWrittenArgs, type WrittenArgs } from './written-args.ts';

type IncludeRole = Extract<Work, { kind: 'include_role' }>;

/** An `include_role` task. A role whose name is known is read and checked at once; the run reads it when it comes to it. */
export async function readIncludeRole(
  node: LocatedMap,
  action: WrittenAction,
  outer: Place,
): Promise<Task | undefined> {
  refuseIncludeWords(node, action, outer);
  const place = placeBelow(node, outer);
  const given = readWrittenArgs(action, node, place);
  refuseOptions(given, action, place, [...roleOptions, 'public', 'apply']);
  const role = readOption(given, 'name', place) ?? readOption(given, 'role', place);
  if (role === undefined) {
    reportTo(place.play.loading)(
      action.at,
      'missing-argument',
      `"${action.word}" needs "name"`,
      'write name: with the role below it',
    );
    return undefined;
  }
  const apply = readApply(given, place);
  const does: IncludeRole = {
    kind: 'include_role',
    role,
    ...readFiles(given, place),
    public: readSwitch(given, 'public', false, place),
    apply,
  };
  const task = finishTask(node, action, does, place);
  keepPlace(task, node, apply, outer);
  await checkIncluded(task, does, node, place);
  return task;
}

const files = [
  ['tasks_from', 'tasksFrom'],
  ['vars_from', 'varsFrom'],
  ['defaults_from', 'defaultsFrom'],
  ['handlers_from', 'handlersFrom'],
] as const;

function readFiles(given: WrittenArgs, place: Place) {
  const found: { [name in (typeof files)[number][1]]?: PlayValue } = {};
  for (const [word, name] of files) {
    const value = readOption(given, word, place);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

async function checkIncluded(
  task: Task,
  does: IncludeRole,
  node: LocatedMap,
  place: Place,
): Promise<void> {
  const { play } = place;
  const { role, tasksFrom, varsFrom, defaultsFrom, handlersFrom } = does;
  if ([role, tasksFrom, varsFrom, defaultsFrom, handlersFrom].some(isTemplate)) {
    play.doubts.anyFact = true;
    play.doubts.anyHandler = true;
    return;
  }
  const use = makeUse(node, {
    role: String(role),
    ...(typeof tasksFrom === 'string' && { tasksFrom }),
    ...(typeof varsFrom === 'string' && { varsFrom }),
    ...(typeof defaultsFrom === 'string' && { defaultsFrom }),
    ...(typeof handlersFrom === 'string' && { handlersFrom }),
  });
  const key = JSON.stringify(['role', use.name, use.from, place.role?.path]);
  if (play.checked.has(key)) return;
  play.checked.add(key);
  const inner = belowInclude(task, { ...place, play: scratchPlay(play) });
  if (inner) await loadRole(use, inner);
}

/** The use of a role by `include_role`, its names rendered. */
export function makeUse(
  at: RoleUse['at'],
  rendered: {
    readonly role: string;
    readonly tasksFrom?: string;
    readonly varsFrom?: string;
    readonly defaultsFrom?: string;
    readonly handlersFrom?: string;
  },
): RoleUse {
  const { role, tasksFrom, varsFrom, defaultsFrom, handlersFrom } = rendered;
  return {
    name: role,
    at,
    params: {},
    vars: {},
    allowsDuplicates: true,
    from: {
      ...(tasksFrom !== undefined && { tasks: baseOf(tasksFrom) }),
      ...(varsFrom !== undefined && { vars: baseOf(varsFrom) }),
      ...(defaultsFrom !== undefined && { defaults: baseOf(defaultsFrom) }),
      ...(handlersFrom !== undefined && { handlers: baseOf(handlersFrom) }),
    },
  };
}
