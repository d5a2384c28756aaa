import { bool } from '../model/arguments.ts';
import type { LocatedMap } from '../model/located.ts';
import { isTemplate, type PlayValue } from '../model/play-value.ts';
import type { WrittenAction } from './action.ts';
import { hintFor, listWords } from './hint-for.ts';
import { extendKeywords } from './keywords.ts';
import { type Place, reportTo } from './loading.ts';
import { refuseUnknown } from './refuse-words.ts';
import { blockWords, includeWords } from './words.ts';
import type { WrittenArg, WrittenArgs } from './written-args.ts';

/** The file that `import_tasks` or `include_tasks` names; other options than `more` are refused. */
export function fileOf(
  given: WrittenArgs,
  action: WrittenAction,
  place: Place,
  more: readonly string[],
): WrittenArg | undefined {
  refuseOptions(given, action, place, ['file', ...more]);
  const file = given.text ?? given.named.get('file');
  if (file && (isTemplate(file.value) || (typeof file.value === 'string' && file.value !== '')))
    return file;
  reportTo(place.play.loading)(
    file?.at ?? action.at,
    'missing-argument',
    `"${action.word}" names no file`,
    `write ${action.word}: file.yml`,
  );
  return undefined;
}

/** Refuses options an import or include does not have. */
export function refuseOptions(
  given: WrittenArgs,
  action: WrittenAction,
  place: Place,
  known: readonly string[],
): void {
  const report = reportTo(place.play.loading);
  for (const [word, { key }] of given.named)
    if (!known.includes(word))
      report(
        key,
        'unknown-argument',
        `"${action.word}" has no argument "${word}"`,
        hintFor(
          word,
          known,
          word === 'apply' ? 'an import hands its own keywords down' : listWords(known),
        ),
      );
  if (given.template !== undefined)
    report(
      action.at,
      'bad-arguments',
      `the arguments of "${action.word}" cannot come from a variable`,
      'write them below it',
    );
}

/** Keywords beside a dynamic include hold for the include alone; those that would be without effect are refused. */
export function refuseIncludeWords(node: LocatedMap, action: WrittenAction, place: Place): void {
  const report = reportTo(place.play.loading);
  for (const { key } of node.entries) {
    const isKeyword = blockWords.has(key.text) || taskOnly.has(key.text);
    if (!isKeyword || includeWords.has(key.text)) continue;
    const message = `"${key.text}" would not hold for the tasks that ${action.word} brings`;
    report(
      key,
      'unknown-keyword',
      message,
      'put it below apply:, or on a block around the include',
    );
  }
}

const taskOnly = new Set([
  'local_action',
  'async',
  'poll',
  'until',
  'retries',
  'delay',
  'changed_when',
  'failed_when',
]);

const applyWords: ReadonlySet<string> = new Set(
  [...blockWords].filter((word) => !['block', 'rescue', 'always'].includes(word)),
);

/** `apply:` of an include, checked; its node is kept and read again below the place of the include. */
export function readApply(given: WrittenArgs, place: Place): LocatedMap | undefined {
  const apply = given.named.get('apply');
  if (apply === undefined || apply.value === null) return undefined;
  if (apply.at.kind !== 'map') {
    reportTo(place.play.loading)(
      apply.at,
      'bad-value',
      '"apply" must be a mapping',
      'write keywords below it, such as tags: or become:',
    );
    return undefined;
  }
  refuseUnknown(apply.at, applyWords, 'apply', place.play);
  extendKeywords(place.keywords, apply.at, place.play, { withVars: true });
  return apply.at;
}

/** An option that is yes or no and known when the playbook is read. */
export function readSwitch(
  given: WrittenArgs,
  word: string,
  fallback: boolean,
  place: Place,
): boolean {
  const arg = given.named.get(word);
  if (arg === undefined || arg.value === null) return fallback;
  const result =
    isTemplate(arg.value) || typeof arg.value === 'object' ? undefined : bool().read(arg.value);
  if (result && 'value' in result) return result.value ?? fallback;
  reportTo(place.play.loading)(
    arg.at,
    'bad-value',
    `"${word}" must be true or false`,
    'write true or false',
  );
  return fallback;
}

/** An option that is text or a template. */
export function readOption(given: WrittenArgs, word: string, place: Place): PlayValue | undefined {
  const arg = given.named.get(word);
  if (arg === undefined || arg.value === null) return undefined;
  if (isTemplate(arg.value) || typeof arg.value === 'string') return arg.value;
  reportTo(place.play.loading)(arg.at, 'bad-value', `"${word}" must be text`, 'write one name');
  return undefined;
}
