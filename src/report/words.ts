import type { Lang } from '../model/report.ts';
import { english, type Words } from './words-en.ts';
import { chinese } from './words-zh.ts';

export type { Words };

/** The words of a language. */
export function wordsOf(lang: Lang): Words {
  return lang === 'zh-CN' ? chinese : english;
}

/** The word for an outcome or state that a run kept by its name; one that no report knows stays as it is. */
export function wordFor(name: string, words: Words): string {
  const word = Object.hasOwn(words, name) ? words[name as keyof Words] : name;
  return typeof word === 'string' ? word : name;
}
