import { entryOf, type LocatedMap, positionOf } from '../model/located.ts';
import { isTemplate, type PlayValue } from '../model/play-value.ts';
import type { Task } from '../model/playbook.ts';
import { hintFor } from './hint-for.ts';
import { isNothing, type PlayLoading, readValue, reportTo } from './loading.ts';

/** `notify:` of a task or a block; names that are no templates are looked for when the whole play is known. */
export function readNotify(node: LocatedMap, play: PlayLoading): readonly PlayValue[] {
  return readNames(node, 'notify', play).map(({ value, at }) => {
    if (typeof value === 'string') play.notified.push({ name: value, at });
    return value;
  });
}

/** `listen:` of a handler. */
export function readListen(node: LocatedMap, play: PlayLoading): readonly string[] {
  return readNames(node, 'listen', play).flatMap(({ value }) => {
    if (typeof value === 'string') return [value];
    play.doubts.anyHandler = true;
    return [];
  });
}

function readNames(node: LocatedMap, word: string, play: PlayLoading) {
  const entry = entryOf(node, word);
  if (!entry || isNothing(entry.value)) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return items.flatMap((item) => {
    const value = readValue(item, play);
    if (typeof value === 'string' || isTemplate(value)) return [{ value, at: positionOf(item) }];
    if (typeof value === 'number') return [{ value: String(value), at: positionOf(item) }];
    reportTo(play.loading)(
      item,
      'bad-value',
      `"${word}" must be names`,
      'write one name a line, each with "- "',
    );
    return [];
  });
}

/** Remembers by which names handlers can be notified. */
export function nameHandlers(handlers: readonly Task[], play: PlayLoading): void {
  for (const { name, listen, role, does } of handlers) {
    for (const topic of listen) play.handlerNames.add(topic);
    if (isTemplate(name) || does.kind === 'include_tasks') play.doubts.anyHandler = true;
    if (typeof name !== 'string') continue;
    play.handlerNames.add(name);
    if (role) play.handlerNames.add(`${role.name} : ${name}`);
  }
}

/** Tells which names were notified and belong to no handler, once the whole play is known. */
export function refuseUnknownHandlers(play: PlayLoading): void {
  if (play.doubts.anyHandler) return;
  const known = [...play.handlerNames];
  for (const { name, at } of play.notified) {
    if (play.handlerNames.has(name)) continue;
    const otherwise =
      known.length === 0 ? 'the play has no handlers' : `the handlers are ${known.join(', ')}`;
    const hint = hintFor(name, known, otherwise);
    reportTo(play.loading)(at, 'unknown-handler', `there is no handler "${name}"`, hint);
  }
}
