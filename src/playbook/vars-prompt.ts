import { entryOf, type Located, type LocatedMap } from '../model/located.ts';
import { isTemplate, type PlayValue } from '../model/play-value.ts';
import type { VarsPrompt } from '../model/playbook.ts';
import { isNothing, type PlayLoading, reportTo } from './loading.ts';
import { readKeyword, readTruth, readWord } from './read-keyword.ts';
import { isVariableName, nameHint } from './read-vars.ts';
import { refuseUnknown } from './refuse-words.ts';

const promptWords = new Set([
  'name',
  'prompt',
  'default',
  'private',
  'confirm',
  'encrypt',
  'unsafe',
]);

/** `vars_prompt:` of a play. */
export function readVarsPrompt(node: LocatedMap, play: PlayLoading): readonly VarsPrompt[] {
  const entry = entryOf(node, 'vars_prompt');
  if (!entry || isNothing(entry.value)) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return items.flatMap((item) => readPrompt(item, play));
}

function readPrompt(node: Located, play: PlayLoading): readonly VarsPrompt[] {
  const report = reportTo(play.loading);
  if (node.kind !== 'map') {
    report(node, 'bad-value', 'a prompt must be a mapping', 'write name: and prompt:');
    return [];
  }
  refuseUnknown(node, promptWords, 'vars_prompt', play);
  const name = readWord(node, 'name', play);
  if (typeof name !== 'string' || !isVariableName(name)) {
    report(node, 'variable-name', 'a prompt needs the name of a variable', nameHint);
    return [];
  }
  const fallback = readKeyword(node, 'default', play)?.value;
  const encrypt = textOr(readWord(node, 'encrypt', play), '');
  return [
    {
      name,
      prompt: textOr(readWord(node, 'prompt', play), name),
      private: readTruth(node, 'private', play) !== false,
      confirm: readTruth(node, 'confirm', play) === true,
      ...(fallback !== undefined && { fallback }),
      ...(encrypt !== '' && { encrypt }),
    },
  ];
}

function textOr(value: PlayValue | undefined, fallback: string): string {
  return value === undefined || isTemplate(value) ? fallback : String(value);
}
