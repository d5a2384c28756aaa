import { foldNames } from '../model/host-names.ts';
import type { Lang, Report } from '../model/report.ts';
import { renderLocalSecond } from './local-time.ts';
import { reinstallWordsOf } from './reinstall-words.ts';
import { wordsOf } from './words.ts';

/** What would happen to one host. */
export interface PreviewRow {
  readonly host: string;
  readonly room: string;
  readonly seat: string;
  readonly owner: string;
  readonly profile: string;
  readonly origin: string;
  readonly diskShown: string;
  readonly system: string;
  readonly systemAt: string;
  readonly users?: readonly string[];
  /** Why nobody knows who is logged in; absent where it was asked, or is off. */
  readonly usersUnknown?: string;
  readonly minutes: number;
  readonly playbook: string;
}

/** A reinstallation that nobody has confirmed yet. */
export interface PreviewedPlan {
  readonly rows: readonly PreviewRow[];
  readonly refused: readonly {
    readonly host: string;
    readonly rule: string;
    readonly why: string;
    readonly hint: string;
  }[];
  readonly digest: string;
  /** Minutes of the whole run as its waves are planned. */
  readonly minutes: number;
}

const keys = [
  ...['host', 'room', 'seat', 'owner', 'profile', 'origin', 'disk', 'system', 'systemAt'],
  ...['users', 'minutes', 'playbook', 'refused', 'why', 'hint', 'usersUnknown'],
];

/** Shows who would be reinstalled with what, and who would not, before anything is armed (`lab.reinstall-preview/1`); `at` is when it was looked at, ISO 8601. */
export function reportPreview(plan: PreviewedPlan, at: string, lang: Lang): Report {
  const { rows, refused, digest, minutes } = plan;
  const records = [
    ...rows.map(({ diskShown, users, usersUnknown, ...row }) => ({
      ...row,
      disk: diskShown,
      users: users ?? null,
      usersUnknown: usersUnknown ?? '',
      ...{ refused: null, why: '', hint: '' },
    })),
    ...refused.map(({ host, rule, why, hint }) => ({ host, refused: rule, why, hint })),
  ];
  return {
    schema: 'lab.reinstall-preview/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: {
      totals: { reinstall: rows.length, refused: refused.length },
      digest,
      minutes,
      hosts: records.slice(0, rows.length),
      refused: refused.map((one) => ({ ...one })),
    },
    tables: [previewTable(plan, lang), ...(refused.length > 0 ? [refusedTable(plan, lang)] : [])],
    records: { columns: keys.map((key) => ({ key, title: key })), rows: records },
    carriesOwners: true,
  };
}

function previewTable({ rows, refused, digest, minutes }: PreviewedPlan, lang: Lang) {
  const words = reinstallWordsOf(lang);
  const { host, seat, owner } = wordsOf(lang);
  const origins = new Map<string, string[]>();
  for (const { origin, host: name } of rows)
    origins.set(origin, [...(origins.get(origin) ?? []), name]);
  return {
    title: words.preview,
    columns: [
      { key: 'host', title: host },
      { key: 'seat', title: seat },
      { key: 'owner', title: owner },
      { key: 'profile', title: words.profile },
      { key: 'disk', title: words.disk, flexible: true },
      { key: 'system', title: words.system, flexible: true },
      { key: 'users', title: words.users },
      { key: 'minutes', title: words.minutes, align: 'right' as const },
    ],
    rows: rows.map((row) => [
      ...[row.host, row.seat, row.owner, row.profile, row.diskShown],
      row.systemAt === ''
        ? words.notSeen
        : `${row.system} (${renderLocalSecond(row.systemAt).slice(0, 10)})`,
      saidUsers(row, words),
      String(row.minutes),
    ]),
    notes: [
      words.counted(rows.length, refused.length, minutes),
      ...[...origins].map(([origin, hosts]) => words.from(foldNames(hosts), origin)),
      words.digest(digest.slice(0, 16)),
    ],
  };
}

function saidUsers(
  { users, usersUnknown }: PreviewRow,
  words: ReturnType<typeof reinstallWordsOf>,
): string {
  if (usersUnknown !== undefined) return words.unknown;
  return users === undefined ? words.isOff : users.join(', ') || words.nobody;
}

function refusedTable({ refused }: PreviewedPlan, lang: Lang) {
  const words = reinstallWordsOf(lang);
  return {
    title: words.refused,
    columns: [
      { key: 'host', title: wordsOf(lang).host },
      { key: 'why', title: words.why, flexible: true },
      { key: 'hint', title: words.hint, flexible: true },
    ],
    rows: refused.map(({ host, why, hint }) => [host, why, hint]),
    tones: refused.map(() => 'doubt' as const),
    notes: [],
  };
}
