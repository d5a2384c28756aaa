import { entryOf, type LocatedMap, positionOf } from '../model/located.ts';
import type { Condition, PlayValue } from '../model/play-value.ts';
import type { Task, Work } from '../model/playbook.ts';
import type { WrittenAction } from './action.ts';
import { checkCall } from './check-call.ts';
import { readConditions } from './conditions.ts';
import { extendKeywords } from './keywords.ts';
import { isNothing, type Place, type PlayLoading, readValue, reportTo } from './loading.ts';
import { readLoop } from './loop.ts';
import { makeId } from './make-id.ts';
import { readMeta } from './meta.ts';
import { readListen, readNotify } from './notify.ts';
import { folderOf } from './paths.ts';
import { readKeyword, readNumber } from './read-keyword.ts';
import { isVariableName, nameHint } from './read-vars.ts';
import { readWrittenArgs } from './written-args.ts';

/** Reads a task whose action is known already and is a module or `meta`. */
export async function readTask(
  node: LocatedMap,
  action: WrittenAction,
  outer: Place,
): Promise<Task | undefined> {
  const place = placeBelow(node, outer);
  const given = readWrittenArgs(action, node, place);
  const does: Work | undefined =
    action.action.kind === 'module'
      ? await checkCall(action.action.module, given, action, place)
      : readMeta(given, action, place);
  return does && finishTask(node, action, does, place);
}

/** The place below a mapping: with its keywords, variables and notifications. */
export function placeBelow(node: LocatedMap, outer: Place): Place {
  return {
    ...outer,
    keywords: extendKeywords(outer.keywords, node, outer.play, { withVars: true }),
    notify: [...outer.notify, ...readNotify(node, outer.play)],
  };
}

/** A task from its node and what it does. */
export function finishTask(
  node: LocatedMap,
  action: WrittenAction,
  does: Work,
  place: Place,
): Task {
  const { play } = place;
  const loop = readLoop(node, play);
  const name = readKeyword(node, 'name', play)?.value;
  const register = readRegister(node, play);
  const keywords = action.isLocal ? { ...place.keywords, delegateTo: 'localhost' } : place.keywords;
  return {
    kind: 'task',
    id: makeId(node, place),
    at: positionOf(node),
    action: action.action.name,
    written: action.word,
    does,
    keywords,
    folder: folderOf(place.file),
    notify: place.notify,
    listen: place.isHandler ? readListen(node, play) : [],
    ...(name !== undefined && { name }),
    ...(loop && { loop }),
    ...(register !== undefined && { register }),
    ...readOutcomeWords(node, play),
    ...readTimes(node, play),
    ...(place.role && { role: place.role }),
    ...(place.isHandler && { isHandler: true as const }),
  };
}

function readOutcomeWords(
  node: LocatedMap,
  play: PlayLoading,
): Pick<Task, 'changedWhen' | 'failedWhen' | 'until'> {
  const conditions = (word: string): readonly Condition[] => {
    const entry = entryOf(node, word);
    return entry ? readConditions(entry.value, word, play) : [];
  };
  return {
    changedWhen: conditions('changed_when'),
    failedWhen: conditions('failed_when'),
    until: conditions('until'),
  };
}

const times = [
  ['retries', false],
  ['delay', true],
  ['async', false],
  ['poll', false],
] as const;

function readTimes(
  node: LocatedMap,
  play: PlayLoading,
): Partial<Pick<Task, 'retries' | 'delay' | 'async' | 'poll'>> {
  const found: Partial<Record<'retries' | 'delay' | 'async' | 'poll', PlayValue>> = {};
  for (const [word, allowsFraction] of times) {
    const value = readNumber(node, word, play, allowsFraction);
    if (value !== undefined) found[word] = value;
  }
  return found;
}

function readRegister(node: LocatedMap, play: PlayLoading): string | undefined {
  const entry = entryOf(node, 'register');
  if (!entry || isNothing(entry.value)) return undefined;
  const value = readValue(entry.value, play);
  if (typeof value === 'string' && isVariableName(value)) return value;
  const message = 'what is registered needs the name of a variable';
  reportTo(play.loading)(entry.value, 'variable-name', message, nameHint);
  return undefined;
}
