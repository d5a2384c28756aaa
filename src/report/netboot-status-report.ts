import type { Arming, BootAlert } from '../model/boot.ts';
import type { Lang, Report, Tone } from '../model/report.ts';

/** What is known of network boot at one moment. */
export interface NetbootStatus {
  /** The boot service of this project; undefined where none was started. `answers` is what it says to a question, '' for nothing. */
  readonly service?: {
    readonly url: string;
    readonly mode: string;
    readonly interface: string;
    readonly startedAt: string;
    readonly isAlive: boolean;
  };
  readonly armings: readonly Arming[];
  readonly alerts: readonly BootAlert[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

const words = {
  en: {
    headings: ['host', 'state', 'stage', 'for', 'progress', 'profile', 'address', 'reason'],
    noService: 'No boot service was started for this project: lab netboot serve',
    dead: 'does not answer: lab netboot serve',
    nobody: 'Nobody is armed.',
    alerts: 'Refused lately',
    alertHeadings: ['when', 'address', 'MAC', 'asked', 'why'],
    since: 'since',
  },
  'zh-CN': {
    headings: ['主机', '状态', '阶段', '已持续', '进度', '配置', '地址', '原因'],
    noService: '本项目尚未启动引导服务：lab netboot serve',
    dead: '没有应答：lab netboot serve',
    nobody: '没有待重装的主机。',
    alerts: '最近拒绝的请求',
    alertHeadings: ['时间', '地址', 'MAC', '请求', '原因'],
    since: '自',
  },
} as const;

const keys = [
  ...['host', 'state', 'stage', 'since', 'seconds', 'doneBytes', 'totalBytes', 'bytesPerSecond'],
  ...['profile', 'address', 'code', 'expiresAt', 'run', 'reason', 'hint'],
] as const;

const shownAlerts = 10;

/** Folds it into its report (`lab.netboot-status/1`): who is armed, at which stage, since when. A code is shown, secrets and their sums never. */
export function reportNetbootStatus(status: NetbootStatus, lang: Lang): Report {
  const at = new Date(status.now).toISOString();
  const said = words[lang];
  const rows = status.armings.map((arming) => describe(arming, status.now));
  const { service } = status;
  const line =
    service === undefined
      ? said.noService
      : `${service.url} (${service.interface}, ${service.mode}), ${service.isAlive ? `${said.since} ${service.startedAt}` : said.dead}`;
  return {
    schema: 'lab.netboot-status/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: {
      service: service ? { ...service } : null,
      totals: countStates(status.armings),
      hosts: rows,
      alerts: status.alerts.map((alert) => ({ ...alert })),
    },
    tables: [
      {
        title: '',
        columns: said.headings.map((title, place) => ({
          key: title,
          title,
          ...(place === 3 || place === 4 ? { align: 'right' as const } : {}),
          ...(place === 7 ? { flexible: true } : {}),
        })),
        rows: status.armings.map((arming) => cells(arming, status.now)),
        tones: status.armings.map(toneOf),
        above: [line],
        notes: rows.length === 0 ? [said.nobody] : [],
      },
      ...(status.alerts.length === 0 ? [] : [alertTable(status.alerts, said)]),
    ],
    records: { columns: keys.map((key) => ({ key, title: key })), rows },
  };
}

function countStates(armings: readonly Arming[]): { [state: string]: number } {
  const groups = Object.groupBy(armings, ({ state }) => state);
  return Object.fromEntries(Object.entries(groups).map(([state, those]) => [state, those.length]));
}

function alertTable(alerts: readonly BootAlert[], said: (typeof words)[Lang]) {
  return {
    title: said.alerts,
    columns: said.alertHeadings.map((title) => ({ key: title, title, flexible: title !== 'MAC' })),
    rows: alerts
      .slice(-shownAlerts)
      .map(({ at, address, mac, asked, reason }) => [at, address, mac, asked, reason]),
    notes: [],
  };
}

function describe(arming: Arming, now: number) {
  const { order, progress, stageAt } = arming;
  return {
    host: order.host,
    state: arming.state,
    stage: arming.stage,
    since: new Date(stageAt).toISOString(),
    seconds: Math.max(0, Math.round((now - stageAt) / 1000)),
    ...progress,
    profile: order.profile,
    address: arming.address,
    code: arming.code,
    expiresAt: new Date(order.expiresAt).toISOString(),
    run: order.run,
    reason: arming.reason,
    hint: arming.hint,
  };
}

function cells(arming: Arming, now: number): string[] {
  const { doneBytes, totalBytes } = arming.progress;
  // What was told last before the end is no progress any more.
  const percent =
    arming.state === 'writing' && totalBytes > 0
      ? `${Math.floor((100 * doneBytes) / totalBytes)}%`
      : '';
  const seconds = Math.max(0, Math.round((now - arming.stageAt) / 1000));
  const age = seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
  const why = [arming.reason, arming.hint, arming.code && `code ${arming.code}`];
  return [
    ...[arming.order.host, arming.state, arming.stage, age, percent],
    ...[arming.order.profile, arming.address, why.filter((text) => text !== '').join('; ')],
  ];
}

function toneOf({ state }: Arming): Tone {
  if (state === 'failed' || state === 'expired') return 'bad';
  if (state === 'installed') return 'good';
  return state === 'disarmed' ? 'quiet' : 'plain';
}
