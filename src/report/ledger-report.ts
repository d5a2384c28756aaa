import type { LedgerRow, Registration } from '../model/registration.ts';
import type { Lang, Report } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { type LedgerWords, ledgerWordsOf } from './ledger-words.ts';
import { renderLocalSecond } from './local-time.ts';

const keys = [
  ...['seq', 'at', 'kind', 'host', 'room', 'seat', 'ip', 'mac'],
  ...['owner', 'ownerId', 'department', 'phone'],
  ...['ownerBefore', 'ownerIdBefore', 'ipBefore', 'macBefore'],
  ...['who', 'appliedBy', 'approvedBy', 'reason', 'reference', 'cites', 'previous', 'hash'],
] as const;

/** Folds rows of the ledger into their report (`lab.ledger/1`), in the order they come in; `at` is when they were read, or written (`isWritten`), ISO 8601. */
export function reportLedger(
  rows: readonly LedgerRow[],
  at: string,
  lang: Lang,
  isWritten = false,
): Report {
  const words = ledgerWordsOf(lang);
  return {
    schema: 'lab.ledger/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: { totals: { rows: rows.length }, rows: rows.map(renderRow) },
    tables: [
      {
        title: '',
        columns: [
          { key: 'seq', title: words.row, align: 'right' },
          { key: 'at', title: words.when },
          { key: 'kind', title: words.kind },
          { key: 'host', title: words.host, flexible: true },
          { key: 'change', title: words.change, flexible: true },
          { key: 'who', title: words.by, flexible: true },
          { key: 'approvedBy', title: words.approval, flexible: true },
          { key: 'reason', title: words.reason, flexible: true },
        ],
        rows: rows.map((row) => [
          String(row.seq),
          renderLocalSecond(row.at),
          words.wordOf(row.kind),
          row.host,
          describeChange(row, words),
          row.who,
          row.approvedBy,
          row.reason,
        ]),
        notes: rows.length > 0 ? [] : [isWritten ? words.nothingFiled : words.noRows],
      },
    ],
    records: { columns: keys.map((key) => ({ key, title: key })), rows: rows.map(recordOf) },
  };
}

/** A row as JSON reports show it: all of it, so that its hash can be computed again. */
export function renderRow(row: LedgerRow): { readonly [key: string]: Value } {
  return JSON.parse(JSON.stringify(row));
}

function recordOf(row: LedgerRow): { readonly [key: string]: Value } {
  const { after, before } = row;
  return {
    ...Object.fromEntries(
      (['seq', 'at', 'kind', 'host', 'who', 'appliedBy', 'approvedBy', 'reason'] as const).map(
        (key) => [key, row[key]],
      ),
    ),
    room: after?.room ?? '',
    seat: after?.seat ?? '',
    ip: after?.ip ?? '',
    mac: macsOf(after),
    owner: after?.owner.name ?? '',
    ownerId: after?.owner.id ?? '',
    department: after?.owner.department ?? '',
    phone: after?.owner.phone ?? '',
    ownerBefore: before?.owner.name ?? '',
    ownerIdBefore: before?.owner.id ?? '',
    ipBefore: before?.ip ?? '',
    macBefore: macsOf(before),
    reference: row.reference,
    cites: row.cites,
    previous: row.previous,
    hash: row.hash,
  };
}

function macsOf(state: Registration | null): string {
  return state?.macs.map(({ addr }) => addr).join(' ') ?? '';
}

/** An owner as people are told, '' for nobody. */
export function ownerText(state: Registration | null): string {
  if (state === null) return '';
  const { name, id } = state.owner;
  if (id === '') return name;
  return name === '' ? id : `${name} (${id})`;
}

/** What a row changed, in one line: only the fields that differ. */
export function describeChange(row: LedgerRow, words: LedgerWords): string {
  const { before, after, cites, kind } = row;
  const cited = cites === 0 ? [] : [words.cites(cites)];
  if (after === null && before !== null) return [words.gone, ...cited].join('; ');
  if (after === null) return cited.join('; ');
  const isWhole = kind === 'confirm' || (kind === 'purge' && before === null);
  const from = isWhole ? null : before;
  const fields: readonly (readonly [string, string, string])[] = [
    [words.owner, ownerText(from), ownerText(after)],
    ['IP', from?.ip ?? '', after.ip],
    ['MAC', macsOf(from), macsOf(after)],
    [words.room, from?.room ?? '', after.room],
    [words.seat, from?.seat ?? '', after.seat],
    [words.department, from?.owner.department ?? '', after.owner.department],
    [words.phone, from?.owner.phone ?? '', after.owner.phone],
  ];
  const changed = fields
    .filter(([, old, now]) => old !== now)
    .map(([title, old, now]) =>
      old === '' ? `${title} ${now}` : `${title} ${old} → ${now === '' ? words.none : now}`,
    );
  return [...changed, ...cited].join('; ');
}
