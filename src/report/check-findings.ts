import { foldNames } from '../model/host-names.ts';
import type { Verdict } from '../model/plan.ts';
import type { ReportTable, Tone } from '../model/report.ts';
import type { CheckedHost, CheckRow } from './check-rows.ts';
import { isMarkedBroken, isOff } from './check-states.ts';
import type { RunRecord } from './run-record.ts';
import type { Words } from './words.ts';

/** Something about one host that a person should know; `verdict` also knows PCs that are off. */
interface Finding {
  readonly host: string;
  readonly verdict: Verdict | 'off' | 'broken';
  readonly checks: readonly string[];
  readonly found: string;
  readonly expected: string;
  readonly hint: string;
  /** Why there was no session, a stable word, else ''. */
  readonly reason: string;
}

const order: readonly Finding['verdict'][] = ['fail', 'broken', 'unknown', 'off', 'warn'];
const tones: { readonly [V in Finding['verdict']]?: Tone } = {
  fail: 'bad',
  broken: 'bad',
  unknown: 'doubt',
  warn: 'doubt',
  off: 'quiet',
};

/** What is not as it should be, worst first: one row for a host that could not be reached, equal findings of many hosts (or many checks) folded into one row. */
export function foldFindings(
  hosts: readonly CheckedHost[],
  record: RunRecord,
  words: Words,
): ReportTable {
  const findings = hosts.flatMap((checked) => findingsOf(checked, record, words));
  const groups = [...Map.groupBy(findings, lookOf).values()];
  const sorted = order.flatMap((verdict) => groups.filter(([first]) => first?.verdict === verdict));
  return {
    title: words.findings,
    columns: [
      { key: 'hosts', title: words.hosts, flexible: true },
      { key: 'verdict', title: words.verdict },
      { key: 'check', title: words.check },
      { key: 'found', title: words.found, flexible: true },
    ],
    rows: sorted.map((group) => rowOf(group, words)),
    tones: sorted.map(([first]) => (first && tones[first.verdict]) ?? 'plain'),
    notes: [],
  };
}

// What could not be reached looks alike by its reason; what was found names addresses.
function lookOf({ host: _host, found, ...same }: Finding): string {
  return JSON.stringify(same.reason === '' ? { ...same, found } : same);
}

function rowOf(group: readonly Finding[], words: Words): string[] {
  const [first] = group;
  if (!first) return [];
  const found = group.every((each) => each.found === first.found) ? first.found : first.reason;
  const [check = '', ...others] = first.checks;
  const told =
    first.expected === '' ? found : found + words.inParens(words.expected(first.expected));
  return [
    foldNames(group.map(({ host }) => host)),
    words[first.verdict],
    others.length === 0 ? check : words.more(check, others.length),
    first.hint === '' ? told : `${told}\n→ ${first.hint}`,
  ];
}

function findingsOf(checked: CheckedHost, record: RunRecord, words: Words): Finding[] {
  const { host, rows } = checked;
  const say = (finding: Partial<Finding>): Finding => ({
    host: host.host,
    verdict: 'unknown',
    checks: [],
    found: '',
    expected: '',
    hint: '',
    reason: '',
    ...finding,
  });
  const marked = isMarkedBroken(host)
    ? [say({ verdict: 'broken', found: words.markedBroken })]
    : [];
  if (rows.length === 0) return marked.length > 0 ? marked : [say({ found: words.notAsked })];
  const lost = lostRow(checked, record);
  if (lost) return [say(isOff(checked, record) ? { ...lost, verdict: 'off' } : lost)];
  const alike = Map.groupBy(
    rows.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip'),
    ({ verdict, found, expected, hint }) => JSON.stringify([verdict, found, expected, hint]),
  );
  const own = [...alike.values()].map((group) =>
    say({ ...textsOf(group[0]), checks: group.map(({ check }) => check) }),
  );
  return [...marked, ...own];
}

function textsOf(row: CheckRow | undefined): Partial<Finding> {
  if (!row) return {};
  const { verdict, found, expected, hint, reason } = row;
  return { verdict, found, expected, hint, reason };
}

/** What is told of a host that gave no session, instead of a row for every check. */
function lostRow(
  { host, rows }: CheckedHost,
  { unreachable }: RunRecord,
): Partial<Finding> | undefined {
  const reach = rows.find(({ check }) => check === 'reach');
  const others = rows.filter((row) => row !== reach);
  if (!others.every(({ verdict }) => verdict === 'unknown' || verdict === 'skip')) return undefined;
  if (reach?.verdict === 'unknown' || reach?.verdict === 'fail')
    return { ...textsOf(reach), checks: ['reach'] };
  const lost = unreachable.get(host.host);
  return (
    lost && {
      found: `${lost.reason}: ${lost.message}`,
      hint: lost.hint,
      reason: lost.reason,
      checks: [rows[0]?.check ?? ''],
    }
  );
}
