import { entryOf, type LocatedMap } from '../model/located.ts';
import { isTemplate, type PlayValue } from '../model/play-value.ts';
import { isNothing, type PlayLoading, readValue, reportTo } from './loading.ts';
import { staticText } from './static-text.ts';

/** `tags:` of a mapping: a list, or one text with commas. */
export function readTags(node: LocatedMap, play: PlayLoading): readonly string[] {
  const entry = entryOf(node, 'tags');
  if (!entry || isNothing(entry.value)) return [];
  const report = reportTo(play.loading);
  if (entry.value.kind === 'map') {
    report(entry.value, 'bad-tags', 'tags must be a list', 'write tags: [one, two]');
    return [];
  }
  const isList = entry.value.kind === 'list';
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return items.flatMap((item) => {
    const text = tagText(readValue(item, play), play);
    if (text === undefined) {
      report(
        item,
        'bad-tags',
        'a tag must be known when the playbook is read',
        'write one word, or use a variable of the play or --extra-vars',
      );
      return [];
    }
    return isList ? [text] : text.split(',').map((tag) => tag.trim());
  });
}

function tagText(value: PlayValue, play: PlayLoading): string | undefined {
  if (isTemplate(value)) return staticText(value, play.vars, play);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : undefined;
}
