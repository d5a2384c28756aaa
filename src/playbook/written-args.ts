import { entryOf, type Located, type LocatedMap, positionOf } from '../model/located.ts';
import { isTemplate, type PlayValue } from '../model/play-value.ts';
import { keyOf } from '../model/yaml-value.ts';
import type { WrittenAction } from './action.ts';
import { parseKeyValue } from './key-value.ts';
import {
  isNothing,
  type Place,
  type PlayLoading,
  readValue,
  reportTo,
  seeValue,
} from './loading.ts';
import { asPlayText } from './static-text.ts';
import { textPosition } from './type-values.ts';

/** Arguments as written, by the names used; `template` when a whole mapping of them comes from a variable. */
export interface WrittenArgs {
  readonly named: ReadonlyMap<string, WrittenArg>;
  /** Free text behind the module's name. */
  readonly text?: WrittenArg;
  readonly template?: PlayValue;
}

/** One argument with the place to tell problems at. */
export interface WrittenArg {
  readonly value: PlayValue;
  readonly at: Located;
  /** Where the name stands. */
  readonly key: Located;
}

/** Modules whose text is a command: only few `name=value` words of it are arguments. */
const commandModules = new Set([
  'ansible.builtin.command',
  'ansible.builtin.shell',
  'ansible.builtin.script',
  'ansible.builtin.raw',
]);

/** Reads what stands behind a module's name, and `args:` below it. */
export function readWrittenArgs(
  written: WrittenAction,
  node: LocatedMap,
  place: Place,
): WrittenArgs {
  const named = new Map<string, WrittenArg>();
  const more = readMore(node, named, place.play);
  const { value, text } = written;
  let free: WrittenArg | undefined;
  if (value?.kind === 'map') takeMap(value, named, place.play);
  else if (value?.kind === 'list') refuseValue(value, written, place);
  else if (value && !isNothing(value)) free = readText(value.text, value, named, written, place);
  if (text !== undefined && text !== '') free = readText(text, written.at, named, written, place);
  const raw = named.get('_raw_params');
  named.delete('_raw_params');
  const whole = free ?? raw;
  return { named, ...(whole && { text: whole }), ...(more !== undefined && { template: more }) };
}

function refuseValue(value: Located, { word }: WrittenAction, place: Place): void {
  const hint = 'write argument: value below it, without "- "';
  reportTo(place.play.loading)(
    value,
    'bad-arguments',
    `the arguments of "${word}" must be a mapping`,
    hint,
  );
}

function takeMap(map: LocatedMap, named: Map<string, WrittenArg>, play: PlayLoading): void {
  for (const { key, value } of map.entries) {
    const name = keyOf(key);
    // `set_fact` renders the names of its arguments as well.
    seeValue(asPlayText(name, textPosition(key)), play);
    named.set(name, { value: readValue(value, play), at: value, key });
  }
}

/** `args:`: a mapping, or a template that gives one. */
function readMore(
  node: LocatedMap,
  named: Map<string, WrittenArg>,
  play: PlayLoading,
): PlayValue | undefined {
  const entry = entryOf(node, 'args');
  if (!entry || isNothing(entry.value)) return undefined;
  if (entry.value.kind === 'map') {
    takeMap(entry.value, named, play);
    return undefined;
  }
  const value = readValue(entry.value, play);
  if (isTemplate(value)) return value;
  reportTo(play.loading)(
    entry.value,
    'bad-arguments',
    '"args" must be a mapping',
    'write argument: value below it',
  );
  return undefined;
}

/** Splits text into arguments; answers what is left over. */
function readText(
  text: string,
  node: Located,
  named: Map<string, WrittenArg>,
  written: WrittenAction,
  place: Place,
): WrittenArg | undefined {
  const { play } = place;
  const parsed = parseKeyValue(text, commandModules.has(written.action.name));
  if (parsed === undefined) {
    const hint = 'close every quote and every {{; in doubt put the whole text in quotes';
    reportTo(play.loading)(node, 'unbalanced-text', 'a quote or a brace is not closed', hint);
    return undefined;
  }
  const at = node.kind === 'scalar' ? textPosition(node) : positionOf(node);
  const isData = node.tag === '!unsafe';
  const typed = (part: string): PlayValue => {
    const value = isData ? part : asPlayText(part, at);
    seeValue(value, play);
    return value;
  };
  for (const [name, value] of parsed.pairs)
    named.set(name, { value: typed(value), at: node, key: node });
  if (parsed.rest === '') return undefined;
  return { value: typed(parsed.rest), at: node, key: node };
}
