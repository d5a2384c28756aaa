import { foldNames } from '../model/host-names.ts';
import type { Lang, Report } from '../model/report.ts';

/** One seat that was filled. */
export interface EnrolledSeat {
  readonly host: string;
  readonly seat: string;
  readonly mac: string;
  readonly ip: string;
  readonly isNew: boolean;
}

/** What a round of switching PCs on left. */
export interface EnrolledRoom {
  readonly room: string;
  readonly outcome: string;
  readonly seats: readonly EnrolledSeat[];
  readonly free: readonly string[];
  readonly passed: readonly { readonly mac: string; readonly reason: string }[];
}

const english = {
  ...{ seat: 'seat', host: 'host', mac: 'MAC', ip: 'IP' },
  enrolled: (count: number) => `${count} ${count === 1 ? 'PC' : 'PCs'} enrolled.`,
  free: (names: string) => `Still free: ${names}.`,
};
const chinese: typeof english = {
  ...{ seat: '座位', host: '主机', mac: 'MAC', ip: 'IP' },
  enrolled: (count) => `登记了 ${count} 台电脑。`,
  free: (names) => `仍空着：${names}。`,
};

/** Folds a round into its report (`lab.enroll/1`); `at` is when it ended, ISO 8601. */
export function reportEnrolment(
  { room, outcome, seats, free, passed }: EnrolledRoom,
  { startedAt, at }: { readonly startedAt: string; readonly at: string },
  lang: Lang,
): Report {
  const words = lang === 'zh-CN' ? chinese : english;
  const keys = ['seat', 'host', 'mac', 'ip'] as const;
  const rows = seats.map((seat) => ({ ...seat }));
  return {
    schema: 'lab.enroll/1',
    title: '',
    startedAt,
    finishedAt: at,
    document: {
      ...{ room, outcome, totals: { enrolled: seats.length, free: free.length } },
      ...{ seats: rows, free, passed: passed.map((each) => ({ ...each })) },
    },
    tables: [
      {
        title: '',
        columns: keys.map((key) => ({ key, title: words[key] })),
        rows: seats.map((seat) => keys.map((key) => seat[key])),
        notes: [
          words.enrolled(seats.length),
          ...(free.length === 0 ? [] : [words.free(foldNames([...free]))]),
        ],
      },
    ],
    records: { columns: keys.map((key) => ({ key, title: key })), rows },
  };
}
