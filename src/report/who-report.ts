import type { LedgerRow, Registration } from '../model/registration.ts';
import type { Lang, Report, ReportTable } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { ownerText, renderRow, reportLedger } from './ledger-report.ts';
import { type LedgerWords, ledgerWordsOf } from './ledger-words.ts';
import { renderLocalSecond } from './local-time.ts';

/** Who had an address at a moment, with the rows that say so; times are ISO 8601. */
export interface WhoAnswer {
  readonly address: string;
  readonly kind: 'ip' | 'mac';
  /** The moment, as exact as it was asked for. */
  readonly from: string;
  readonly to: string;
  readonly answer: 'one' | 'several' | 'nobody' | 'unknown';
  readonly reason: '' | 'before-first-row' | 'purged' | 'in-future' | 'no-rows';
  readonly knownFrom: string;
  readonly holders: readonly {
    readonly state: Registration;
    readonly from: string;
    readonly to: string;
    readonly rows: readonly LedgerRow[];
  }[];
  readonly near: readonly LedgerRow[];
}

/** Folds an answer into its report (`lab.who/1`); `at` is when it was given. */
export function reportWho(found: WhoAnswer, at: string, lang: Lang): Report {
  const words = ledgerWordsOf(lang);
  const { address, kind, from, to, answer, reason, knownFrom, holders, near } = found;
  const evidence = holders.flatMap((holder) => holder.rows);
  return {
    schema: 'lab.who/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: {
      query: { address, kind, from, to },
      answer,
      reason,
      knownFrom,
      holders: holders.map(renderHolder),
      rows: near.map(renderRow),
    },
    tables: [
      tableOf(found, words),
      ...[evidence, near]
        .filter((part) => part.length > 0)
        .flatMap((part) => reportLedger(part, at, lang).tables),
    ],
    records: {
      columns: keys.map((key) => ({ key, title: key })),
      rows: holders.map(recordOf),
    },
  };
}

const keys = ['host', 'room', 'seat', 'ip', 'mac', 'owner', 'ownerId', 'from', 'to', 'rows'];
type Holder = WhoAnswer['holders'][number];
type Fields = { readonly [key: string]: Value };

function renderHolder({ state, from, to, rows }: Holder): Fields {
  const { host, room, seat, ip, macs, owner } = state;
  return {
    ...{ host, room, seat, ip, from, to },
    macs: macs.map((mac) => ({ ...mac })),
    owner: { ...owner },
    rows: rows.map(renderRow),
  };
}

function recordOf({ state, from, to, rows }: Holder): Fields {
  const { host, room, seat, ip, macs, owner } = state;
  return {
    ...{ host, room, seat, ip, from, to },
    mac: macs.map(({ addr }) => addr).join(' '),
    owner: owner.name,
    ownerId: owner.id,
    rows: rows.map(({ seq }) => seq).join(' '),
  };
}

function tableOf(found: WhoAnswer, words: LedgerWords): ReportTable {
  return {
    title: '',
    columns: [
      { key: 'owner', title: words.owner, flexible: true },
      { key: 'host', title: words.host, flexible: true },
      { key: 'room', title: words.room, flexible: true },
      { key: 'seat', title: words.seat },
      { key: 'from', title: words.from },
      { key: 'to', title: words.to },
      { key: 'rows', title: words.evidence },
    ],
    rows: found.holders.map(({ state, from, to, rows }) => [
      ownerText(state) || words.nobody,
      state.host,
      state.room,
      state.seat,
      renderLocalSecond(from),
      renderLocalSecond(to) || words.now,
      rows.map(({ seq }) => seq).join(' '),
    ]),
    notes: notesOf(found, words),
  };
}

function notesOf(found: WhoAnswer, words: LedgerWords): string[] {
  const { address, from, answer, reason, knownFrom, holders, near } = found;
  const when = renderLocalSecond(from);
  if (answer === 'unknown') {
    const why = reason === '' ? '' : words[reason](renderLocalSecond(knownFrom));
    return [words.unknown(address, when), why];
  }
  if (answer === 'nobody')
    return [words.heldByNobody(address, when), near.length === 0 ? words.neverHeld : words.nearest];
  const names = holders.map(({ state }) => `${ownerText(state) || words.nobody}, ${state.host}`);
  return [words.heldBy(address, when, [...new Set(names)].join(' / '))];
}
