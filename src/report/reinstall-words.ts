import type { Lang } from '../model/report.ts';

const english = {
  preview: 'What would be reinstalled',
  refused: 'Left out',
  why: 'why',
  hint: 'what to do',
  profile: 'profile',
  disk: 'disk that is wiped',
  system: 'on it now',
  users: 'logged in',
  nobody: 'nobody',
  isOff: 'off',
  unknown: 'unknown',
  minutes: 'min',
  stage: 'stage',
  stages: 'Seconds by stage',
  counted: (hosts: number, refused: number, minutes: number) =>
    `${hosts} to reinstall, ${refused} left out, about ${minutes} minutes in all.`,
  digest: (digest: string) => `Plan ${digest}: --digest ${digest} arms nothing else.`,
  from: (host: string, origin: string) => `${host}: ${origin}`,
  notSeen: 'never asked',
};

const chinese: typeof english = {
  preview: '将要重装',
  refused: '不重装',
  why: '原因',
  hint: '怎么办',
  profile: '系统',
  disk: '将被清空的磁盘',
  system: '现有系统',
  users: '登录用户',
  nobody: '无',
  isOff: '未开机',
  unknown: '未知',
  minutes: '分钟',
  stage: '阶段',
  stages: '各阶段用时(秒)',
  counted: (hosts, refused, minutes) =>
    `重装 ${hosts} 台,不重装 ${refused} 台,共约 ${minutes} 分钟。`,
  digest: (digest) => `计划 ${digest}:加 --digest ${digest} 则只重装以上各台。`,
  from: (host, origin) => `${host}:${origin}`,
  notSeen: '从未查询',
};

/** What reports of reinstallations say by themselves. */
export function reinstallWordsOf(lang: Lang): typeof english {
  return lang === 'zh-CN' ? chinese : english;
}
