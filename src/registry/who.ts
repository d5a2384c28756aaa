import type { LedgerRow, Registration } from '../model/registration.ts';
import type { Moment } from './moment.ts';
import { layOutSpans, type Span } from './states.ts';

/** What is asked: an address as `parseIp` or `parseMac` gives it, and when. */
export interface Question {
  readonly address: string;
  readonly kind: 'ip' | 'mac';
  readonly moment: Moment;
}

/** What the ledger holds that bears on a question. */
export interface Evidence {
  /** All rows of every host that ever had the address, in order. */
  readonly rows: readonly LedgerRow[];
  /** Since when the ledger knows everything: its first row, or what the last purge left; '' while it is empty. */
  readonly knownFrom: string;
  /** Why nothing is known from before. */
  readonly knownFromReason: 'first-row' | 'purged';
  /** ISO 8601; nothing is known of later moments. */
  readonly now: string;
}

/** A host that had the address, for how long, and the rows that say so. */
export interface Holder {
  readonly state: Registration;
  readonly from: string;
  /** '' while it goes on. */
  readonly to: string;
  readonly rows: readonly LedgerRow[];
}

/** What the ledger says of an address at a moment. 'unknown' comes with its reason; several holders are a swap within the moment, a shared dock, or a conflict. */
export interface Answer {
  readonly answer: 'one' | 'several' | 'nobody' | 'unknown';
  readonly reason: '' | 'before-first-row' | 'purged' | 'in-future' | 'no-rows';
  readonly holders: readonly Holder[];
  /** For nobody: the rows around the moment, if the address was ever held. */
  readonly near: readonly LedgerRow[];
}

/** Answers who had an address at a moment. */
export function answerWho(question: Question, evidence: Evidence): Answer {
  const { moment } = question;
  const unknown = (reason: Answer['reason']): Answer => ({
    answer: 'unknown',
    reason,
    holders: [],
    near: [],
  });
  if (evidence.knownFrom === '') return unknown('no-rows');
  if (moment.from > evidence.now) return unknown('in-future');
  if (moment.to < evidence.knownFrom)
    return unknown(evidence.knownFromReason === 'purged' ? 'purged' : 'before-first-row');
  const spans = spansOf(question, evidence.rows);
  const holders = spans
    .filter(({ from, to }) => from <= moment.to && (to === '' || to > moment.from))
    .flatMap(({ state, from, to, rows }) => (state === null ? [] : [{ state, from, to, rows }]));
  if (holders.length > 0)
    return {
      answer: countHolders(holders) === 1 ? 'one' : 'several',
      reason: '',
      holders,
      near: [],
    };
  return { answer: 'nobody', reason: '', holders: [], near: nearRows(spans, moment) };
}

/** One person at one host counts once, also when a new seat or a yearly check began a new span meanwhile. */
function countHolders(holders: readonly Holder[]): number {
  return new Set(
    holders.map(({ state: { host, owner } }) => [host, owner.name, owner.id].join('\0')),
  ).size;
}

/** The spans in which a host had the address, in order of time. */
function spansOf({ address, kind }: Question, rows: readonly LedgerRow[]): Span[] {
  const byHost = Map.groupBy(rows, ({ host }) => host);
  const has = (state: Registration | null): boolean =>
    state !== null &&
    (kind === 'ip' ? state.ip === address : state.macs.some(({ addr }) => addr === address));
  return [...byHost.values()]
    .flatMap((own) => layOutSpans(own).filter(({ state }) => has(state)))
    .sort((a, b) => compare(a.from, b.from) || compare(a.host, b.host));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function nearRows(spans: readonly Span[], moment: Moment): LedgerRow[] {
  const before = spans.findLast(({ to }) => to !== '' && to <= moment.from);
  const after = spans.find(({ from }) => from > moment.to);
  return [...(before?.rows ?? []), ...(after?.rows ?? [])];
}
