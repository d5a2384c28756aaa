import type { Lang } from '../model/report.ts';

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

/** A heading or outcome in a language; other words stay as they are. */
export function wordIn(lang: Lang): (word: string) => string {
  const column = lang === 'zh-CN' ? 1 : 0;
  return (word) => {
    const found = Object.hasOwn(words, word) ? words[word as keyof typeof words] : undefined;
    return found?.[column] ?? word;
  };
}
