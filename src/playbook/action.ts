import { entryOf, type Located, type LocatedMap, type LocatedScalar } from '../model/located.ts';
import { hintFor } from './hint-for.ts';
import { splitWords } from './key-value.ts';
import { type Place, reportTo } from './loading.ts';
import { type Action, noModuleHint, resolveAction } from './module-index.ts';
import { handlerWords, removedWords, taskWords } from './words.ts';

/** What a task does as written: the module's word, what stands behind it, and whether `local_action` sent it to the controller. */
export interface WrittenAction {
  readonly action: Exclude<Action, { kind: 'refused' }>;
  readonly word: string;
  readonly at: Located;
  /** Arguments: text, a mapping or nothing. */
  readonly value: Located | undefined;
  /** Text that stands for `value`: what follows the module in `action: copy src=a`. */
  readonly text?: string;
  readonly isLocal: boolean;
}

/** Finds what a task does; undefined after telling what is wrong. */
export function readAction(node: LocatedMap, place: Place): WrittenAction | undefined {
  const report = reportTo(place.play.loading);
  const known = place.isHandler ? handlerWords : taskWords;
  const others = node.entries.filter(({ key }) => !known.has(key.text) && !isWith(key.text));
  const candidates = others.filter(({ key }) => !removedWords.has(key.text));
  const { modules } = place.play.loading;
  const found = candidates.filter(({ key }) => resolveAction(key.text, modules) !== undefined);
  const old = ['action', 'local_action'].flatMap((word) => entryOf(node, word) ?? []);
  const [first, second] = [...old, ...found];
  if (first && second) {
    const message = `two modules in one task: "${first.key.text}" and "${second.key.text}"`;
    report(second.key, 'two-modules', message, 'make two tasks of it');
  }
  const wrong = others.filter((entry) => !found.includes(entry));
  if (first) refuseKeys(wrong, known, place);
  else return tellMissing(node, wrong, place);
  if (old.includes(first)) return readOldAction(first.key, first.value, place);
  return takeAction(first.key.text, first.key, { value: first.value, isLocal: false }, place);
}

/** Whether a keyword is one of the `with_` loops. */
export function isWith(word: string): boolean {
  return word.startsWith('with_');
}

function takeAction(
  word: string,
  at: Located,
  rest: { value: Located | undefined; text?: string; isLocal: boolean },
  place: Place,
): WrittenAction | undefined {
  const { modules } = place.play.loading;
  const action = resolveAction(word, modules);
  const report = reportTo(place.play.loading);
  if (action === undefined)
    report(
      at,
      'unknown-module',
      `there is no module "${word}"`,
      hintFor(word, modules.byName.keys(), noModuleHint),
    );
  else if (action.kind === 'refused') report(at, action.rule, action.message, action.hint);
  else return { action, word, at, ...rest };
  return undefined;
}

/** `action: copy src=a dest=b` and `action: { module: copy, src: a }`. */
function readOldAction(
  key: LocatedScalar,
  value: Located,
  place: Place,
): WrittenAction | undefined {
  const isLocal = key.text === 'local_action';
  const named = value.kind === 'map' ? entryOf(value, 'module')?.value : value;
  const text = named?.kind === 'scalar' ? named.text.trim() : '';
  const word = splitWords(text)?.[0]?.trim() ?? '';
  if (named === undefined || word === '') {
    const hint = 'write the module as the key of the task: "copy:" with its arguments below';
    reportTo(place.play.loading)(key, 'no-module', `"${key.text}" names no module`, hint);
    return undefined;
  }
  const rest = text.slice(word.length).trim();
  if (value.kind !== 'map')
    return takeAction(word, named, { value: undefined, text: rest, isLocal }, place);
  const entries = value.entries.filter((entry) => entry.key.text !== 'module');
  const args = { ...value, entries };
  return takeAction(word, named, { value: args, ...(rest && { text: rest }), isLocal }, place);
}

function tellMissing(node: LocatedMap, wrong: LocatedMap['entries'], place: Place): undefined {
  const report = reportTo(place.play.loading);
  const known = place.isHandler ? handlerWords : taskWords;
  const [first] = wrong.filter(({ key }) => !removedWords.has(key.text));
  refuseKeys(
    wrong.filter((entry) => entry !== first),
    known,
    place,
  );
  if (first === undefined) {
    report(
      node,
      'no-module',
      'the task names no module',
      'add what it does, such as "copy:" or "apt:"',
    );
    return undefined;
  }
  const word = first.key.text;
  const keyword = hintFor(word, known, '');
  const module = hintFor(word, place.play.loading.modules.byName.keys(), '');
  const hint = module || keyword || noModuleHint;
  report(first.key, 'unknown-module', `there is no module "${word}"`, hint);
  return undefined;
}

function refuseKeys(
  entries: LocatedMap['entries'],
  known: ReadonlySet<string>,
  place: Place,
): void {
  const report = reportTo(place.play.loading);
  const what = place.isHandler ? 'a handler' : 'a task';
  for (const { key } of entries) {
    const instead = removedWords.get(key.text);
    if (instead !== undefined)
      report(key, 'removed-word', `"${key.text}" is no longer a keyword`, instead);
    else {
      const hint = hintFor(key.text, known, 'indent it below the module when it is an argument');
      report(key, 'unknown-keyword', `"${key.text}" is no keyword of ${what}`, hint);
    }
  }
}
