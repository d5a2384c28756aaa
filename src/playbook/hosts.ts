import { entryOf, type LocatedMap } from '../model/located.ts';
import { isTemplate, type PlayValue } from '../model/play-value.ts';
import { isNothing, type PlayLoading, readValue, reportTo } from './loading.ts';

/** `hosts:` of a play: a pattern or a list of patterns. */
export function readHosts(node: LocatedMap, play: PlayLoading): PlayValue {
  const entry = entryOf(node, 'hosts');
  const report = reportTo(play.loading);
  const hint = 'write a pattern, such as all, or the name of a group';
  if (!entry || isNothing(entry.value)) {
    report(entry?.key ?? node, 'no-hosts', 'the play has no hosts', hint);
    return [];
  }
  const value = readValue(entry.value, play);
  const items = Array.isArray(value) ? (value as readonly PlayValue[]) : [value];
  const isFine = items.every(
    (item) => isTemplate(item) || (typeof item === 'string' && item !== ''),
  );
  if (items.length === 0 || !isFine)
    report(entry.value, 'bad-hosts', '"hosts" must be a pattern or a list of patterns', hint);
  return value;
}
