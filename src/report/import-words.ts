import type { Lang } from '../model/report.ts';

/** What the report of an import says by itself. */
export interface ImportWords {
  readonly row: string;
  readonly cell: string;
  readonly host: string;
  readonly outcome: string;
  readonly what: string;
  readonly outcomes: { readonly [outcome: string]: string };
  added(group: string, values: string): string;
  changed(values: string): string;
  totals(counts: { accepted: number; noted: number; refused: number; unchanged: number }): string;
  applied(count: number): string;
  readonly tried: string;
  readonly held: string;
}

const english: ImportWords = {
  row: 'row',
  cell: 'cell',
  host: 'host',
  outcome: 'outcome',
  what: 'what',
  outcomes: { accepted: 'accepted', noted: 'noted', refused: 'refused', unchanged: 'unchanged' },
  added: (group, values) => `new in ${group}: ${values}`,
  changed: (values) => values,
  totals: ({ accepted, noted, refused, unchanged }) =>
    `${accepted} accepted, ${noted} accepted with a note, ${refused} refused, ${unchanged} as they are.`,
  applied: (count) => `Written: ${count} ${count === 1 ? 'host' : 'hosts'}.`,
  tried: 'Nothing was written; --apply writes.',
  held: 'Nothing was written, because rows were refused; correct them, or leave them out with --partial.',
};

const chinese: ImportWords = {
  row: '行',
  cell: '单元格',
  host: '主机',
  outcome: '结果',
  what: '说明',
  outcomes: { accepted: '接受', noted: '接受（有说明）', refused: '拒绝', unchanged: '无变化' },
  added: (group, values) => `新增到 ${group}：${values}`,
  changed: (values) => values,
  totals: ({ accepted, noted, refused, unchanged }) =>
    `接受 ${accepted} 行，有说明 ${noted} 行，拒绝 ${refused} 行，无变化 ${unchanged} 行。`,
  applied: (count) => `已写入 ${count} 台主机。`,
  tried: '尚未写入；加 --apply 才写入。',
  held: '有被拒绝的行，因此什么都没有写入；请更正，或加 --partial 略过这些行。',
};

/** The words of a language. */
export function importWordsOf(lang: Lang): ImportWords {
  return lang === 'zh-CN' ? chinese : english;
}
