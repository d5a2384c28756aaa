import type { LedgerRow, RegistryAsk } from '../model/registration.ts';
import type { Lang, Report } from '../model/report.ts';
import { describeChange } from './ledger-report.ts';
import { ledgerWordsOf } from './ledger-words.ts';
import { renderLocalSecond } from './local-time.ts';

/** A request that waits for a decision. */
export interface WaitingRequest {
  readonly row: LedgerRow;
  readonly ask: RegistryAsk;
  readonly waitingMs: number;
}

const keys = [
  ...['id', 'at', 'waitingMs', 'verb', 'host', 'room', 'seat', 'ip', 'mac'],
  ...['owner', 'ownerId', 'appliedBy', 'reason'],
] as const;

/** Folds the open requests into their report (`lab.pending/1`), oldest first; `at` is when they were read, ISO 8601. */
export function reportPending(open: readonly WaitingRequest[], at: string, lang: Lang): Report {
  const words = ledgerWordsOf(lang);
  const records = open.map(({ row, ask, waitingMs }) => ({
    id: String(row.seq),
    at: row.at,
    waitingMs,
    verb: ask.verb,
    host: row.host,
    room: row.after?.room ?? '',
    seat: row.after?.seat ?? '',
    ip: row.after?.ip ?? '',
    mac: row.after?.macs.find(({ primary }) => primary)?.addr ?? '',
    owner: row.after?.owner.name ?? '',
    ownerId: row.after?.owner.id ?? '',
    appliedBy: row.appliedBy,
    reason: row.reason,
  }));
  return {
    schema: 'lab.pending/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: { totals: { requests: open.length }, requests: records },
    tables: [
      {
        title: '',
        columns: [
          { key: 'id', title: words.request, align: 'right' },
          { key: 'at', title: words.when },
          { key: 'waiting', title: words.waiting, align: 'right' },
          { key: 'host', title: words.host, flexible: true },
          { key: 'asks', title: words.asks, flexible: true },
          { key: 'appliedBy', title: words.appliedBy, flexible: true },
          { key: 'reason', title: words.reason, flexible: true },
        ],
        rows: open.map(({ row, ask, waitingMs }) => [
          String(row.seq),
          renderLocalSecond(row.at),
          renderWaiting(waitingMs, lang),
          row.host,
          `${words.wordOf(ask.verb)}: ${describeChange(row, words)}`,
          row.appliedBy,
          row.reason,
        ]),
        notes: open.length === 0 ? [words.noRequests] : [],
      },
    ],
    records: { columns: keys.map((key) => ({ key, title: key })), rows: records },
  };
}

/** Days and hours, or hours and minutes: as exact as anybody needs who waits. */
function renderWaiting(waitingMs: number, lang: Lang): string {
  const minutes = Math.floor(waitingMs / 60_000);
  const [day, hour, minute] = lang === 'zh-CN' ? ['天', '小时', '分'] : [' d', ' h', ' min'];
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes}${minute}`;
  if (hours < 24) return `${hours}${hour} ${minutes % 60}${minute}`;
  return `${Math.floor(hours / 24)}${day} ${hours % 24}${hour}`;
}
