import type { Lang } from '../model/report.ts';
import type { Value } from '../model/value.ts';

const words = {
  host: ['host', '主机'],
  outcome: ['outcome', '结果'],
  exit: ['exit', '退出码'],
  output: ['output', '输出'],
  file: ['file', '文件'],
  detail: ['detail', '说明'],
  hosts: ['hosts', '台'],
  ok: ['ok', '正常'],
  changed: ['changed', '已更改'],
  skipped: ['skipped', '已跳过'],
  failed: ['failed', '失败'],
  unreachable: ['unreachable', '无法连接'],
  cancelled: ['cancelled', '已取消'],
} as const;

/** A heading or outcome in the language of a run; other words stay as they are. */
export function wordIn(lang: Value | undefined): (word: string) => string {
  const column: Lang = lang === 'zh-CN' ? 'zh-CN' : 'en';
  return (word) => {
    const found = Object.hasOwn(words, word) ? words[word as keyof typeof words] : undefined;
    return found?.[column === 'en' ? 0 : 1] ?? word;
  };
}
