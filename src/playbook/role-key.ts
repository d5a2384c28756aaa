import { entryOf } from '../model/located.ts';
import {
  isPlayMapping,
  isTemplate,
  isWholeFloat,
  numberOf,
  type PlayValue,
  textOf,
} from '../model/play-value.ts';
import type { Place } from './loading.ts';
import { readTags } from './read-tags.ts';
import type { RoleUse } from './role.ts';

/** The same text for uses of a role that Ansible takes for one: same folder, parameters, variables, own tags and conditions. */
export function useKey(path: string, use: RoleUse, place: Place): string {
  const when = use.at.kind === 'map' ? entryOf(use.at, 'when')?.value : undefined;
  const tags = use.at.kind === 'map' ? readTags(use.at, place.play) : [];
  const written = when === undefined ? '' : when.source.text.slice(when.start, when.end);
  return JSON.stringify([path, shapeOf(use.params), shapeOf(use.vars), use.from, tags, written]);
}

function shapeOf(value: PlayValue): unknown {
  if (isTemplate(value)) return { template: textOf(value) };
  if (isWholeFloat(value)) return { float: numberOf(value) };
  if (Array.isArray(value)) return (value as readonly PlayValue[]).map(shapeOf);
  if (isPlayMapping(value))
    return Object.entries(value)
      .map(([name, item]) => [name, shapeOf(item)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  return value;
}
