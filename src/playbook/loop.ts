import {
  entryOf,
  type Located,
  type LocatedEntry,
  type LocatedMap,
  positionOf,
} from '../model/located.ts';
import { isTemplate, type PlayValue } from '../model/play-value.ts';
import type { Loop } from '../model/playbook.ts';
import { isWith } from './action.ts';
import { hintFor, listWords } from './hint-for.ts';
import { isNothing, type PlayLoading, readValue, reportTo } from './loading.ts';
import { readKeyword, readNumber, readTruth } from './read-keyword.ts';
import { isVariableName, nameHint } from './read-vars.ts';
import { refuseUnknown } from './refuse-words.ts';

const kinds: ReadonlyMap<string, Loop['kind']> = new Map([
  ['items', 'items'],
  ['dict', 'dict'],
  ['list', 'list'],
  ['fileglob', 'fileglob'],
  ['first_found', 'first_found'],
  ['sequence', 'sequence'],
  ['together', 'together'],
  ['nested', 'nested'],
  ['cartesian', 'nested'],
  ['subelements', 'subelements'],
  ['indexed_items', 'indexed_items'],
  ['flattened', 'flattened'],
  ['lines', 'lines'],
  ['random_choice', 'random_choice'],
  ['file', 'file'],
]);
const controlWords = new Set([
  'loop_var',
  'index_var',
  'label',
  'pause',
  'extended',
  'extended_allitems',
]);

/** The loop of a task: `loop:` or one of the `with_` forms, with its `loop_control:`. */
export function readLoop(node: LocatedMap, play: PlayLoading): Loop | undefined {
  const report = reportTo(play.loading);
  const loops = node.entries.filter(({ key }) => key.text === 'loop' || isWith(key.text));
  const [entry, second] = loops.filter(
    ({ key, value }) => key.text !== 'loop' || !isNothing(value),
  );
  if (second)
    report(second.key, 'two-loops', 'a task has one loop', `leave out "${second.key.text}"`);
  const control = readControl(node, play);
  if (entry === undefined) return undefined;
  const kind = kindOf(entry, play);
  if (kind === undefined) return undefined;
  const value = readValue(entry.value, play);
  refuseScalar(kind, value, entry.value, play);
  return { kind, value, ...control, at: positionOf(entry.key) };
}

function kindOf({ key }: LocatedEntry, play: PlayLoading): Loop['kind'] | undefined {
  if (key.text === 'loop') return 'loop';
  const word = key.text
    .slice('with_'.length)
    .replace(/^(?:ansible\.builtin|community\.general)\./, '');
  const kind = kinds.get(word);
  if (kind === undefined) {
    const words = [...kinds.keys()].map((name) => `with_${name}`);
    const hint = hintFor(key.text, words, listWords(words));
    reportTo(play.loading)(key, 'unknown-loop', `the loop "${key.text}" is not supported`, hint);
  }
  return kind;
}

function refuseScalar(
  kind: Loop['kind'],
  value: PlayValue,
  node: Located,
  play: PlayLoading,
): void {
  if (kind !== 'loop' || isTemplate(value) || Array.isArray(value)) return;
  const hint = 'write a list, or a template that gives one';
  reportTo(play.loading)(node, 'bad-loop', '"loop" must be a list', hint);
}

type Control = Pick<Loop, 'loopVar' | 'extended'> &
  Partial<Pick<Loop, 'indexVar' | 'label' | 'pause'>>;

function readControl(node: LocatedMap, play: PlayLoading): Control {
  const entry = entryOf(node, 'loop_control');
  const plain: Control = { loopVar: 'item', extended: false };
  if (!entry || isNothing(entry.value)) return plain;
  const map = entry.value;
  if (map.kind !== 'map') {
    reportTo(play.loading)(
      map,
      'bad-value',
      '"loop_control" must be a mapping',
      'write loop_var: or label: below it',
    );
    return plain;
  }
  refuseUnknown(map, controlWords, 'loop_control', play);
  const label = readKeyword(map, 'label', play)?.value;
  const pause = readNumber(map, 'pause', play, true);
  const extended = readTruth(map, 'extended', play);
  readTruth(map, 'extended_allitems', play);
  const indexVar = readName(map, 'index_var', play);
  return {
    loopVar: readName(map, 'loop_var', play) ?? 'item',
    extended: extended === true,
    ...(indexVar !== undefined && { indexVar }),
    ...(label !== undefined && { label }),
    ...(pause !== undefined && { pause }),
  };
}

function readName(map: LocatedMap, word: string, play: PlayLoading): string | undefined {
  const found = readKeyword(map, word, play);
  if (found === undefined) return undefined;
  if (typeof found.value === 'string' && isVariableName(found.value)) return found.value;
  reportTo(play.loading)(
    found.node,
    'variable-name',
    `"${word}" must be the name of a variable`,
    nameHint,
  );
  return undefined;
}
