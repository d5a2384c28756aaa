import type { Discovered, Discovery, Standing } from '../model/discovery.ts';
import { foldNames } from '../model/host-names.ts';
import type { Column, Lang, Report, ReportTable, Tone } from '../model/report.ts';
import type { Value } from '../model/value.ts';
import { type DiscoverWords, discoverWordsOf, hintFor, kindWord } from './discover-words.ts';
import { sortBySeat } from './seat-order.ts';

/** A source as it was looked at: how many entries it had that count. */
export interface LookedAt {
  readonly name: string;
  readonly format: string;
  readonly role: 'observed' | 'configured';
  readonly entries: number;
}

/** Folds a discovery into its report (`lab.discover/1`), hosts in seat order, strangers behind them; `at` is when it was made, ISO 8601. */
export function reportDiscovery(
  found: Discovery,
  sources: readonly LookedAt[],
  at: string,
  lang: Lang,
): Report {
  const findings = sortFindings(found.findings);
  const rows = findings.map((finding) => rowOf(finding, lang));
  const counts: Record<string, number> = {};
  for (const { kind } of findings) counts[kind] = (counts[kind] ?? 0) + 1;
  const { hosts, inOrder, unseen, notCovered } = found;
  return {
    schema: 'lab.discover/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: {
      totals: {
        ...{ hosts, inOrder, unseen: unseen.length, notCovered: notCovered.length },
        ...{ findings: findings.length, ...counts },
      },
      findings: rows,
      unseen,
      notCovered,
      sources: sources.map((source) => ({ ...source })),
    },
    tables: tablesOf(found, findings, sources, lang),
    records: {
      columns: recordKeys.map((key) => ({ key, title: key })),
      rows: findings.map((finding) => recordOf(finding, lang)),
    },
  };
}

function sortFindings(findings: readonly Discovered[]): Discovered[] {
  const named = sortBySeat(findings.filter(({ host }) => host !== ''));
  const strangers = sortBySeat(
    findings
      .filter(({ host }) => host === '')
      .map((finding) => {
        const { ip, mac } = subjectOf(finding);
        return { ...finding, host: `${ip} ${mac}` };
      }),
  );
  return [...named, ...strangers.map((finding) => ({ ...finding, host: '' }))];
}

/** What a finding about nobody's card is about. */
function subjectOf({ observed, configured }: Discovered): Standing {
  return observed.mac === '' && observed.ip === '' ? configured : observed;
}

function rowOf(finding: Discovered, lang: Lang): { readonly [key: string]: Value } {
  const { kind, detail, host, room, seat, by, registered, configured, observed } = finding;
  return {
    ...{ finding: kind, detail, host, room, seat, by },
    registered: { ...registered },
    configured: { ...configured },
    observed: { ...observed },
    evidence: finding.evidence.map((each) => ({ ...each })),
    hint: hintFor(kind, detail, lang),
  };
}

const sides = ['registered', 'configured', 'observed'] as const;
const recordKeys = [
  ...['finding', 'detail', 'host', 'room', 'seat', 'by'],
  ...sides.flatMap((side) => ['Mac', 'Ip', 'Port'].map((part) => side + part)),
  ...['evidence', 'hint'],
];

function recordOf(finding: Discovered, lang: Lang): { readonly [key: string]: Value } {
  const { kind, detail, host, room, seat, by, evidence } = finding;
  const standings = sides.flatMap((side) => {
    const { mac, ip, port } = finding[side];
    return [
      [`${side}Mac`, mac],
      [`${side}Ip`, ip],
      [`${side}Port`, port],
    ] as const;
  });
  return {
    ...{ finding: kind, detail, host, room, seat, by },
    ...Object.fromEntries(standings),
    evidence: evidence.map(({ source, place }) => `${source} ${place}`.trim()).join('; '),
    hint: hintFor(kind, detail, lang),
  };
}

function tablesOf(
  found: Discovery,
  findings: readonly Discovered[],
  sources: readonly LookedAt[],
  lang: Lang,
): ReportTable[] {
  const words = discoverWordsOf(lang);
  const { hosts, inOrder, unseen, notCovered } = found;
  const notes = [
    findings.length === 0
      ? words.allWell(inOrder)
      : words.totals({ findings: findings.length, hosts, inOrder }),
    ...(unseen.length === 0 ? [] : [words.unseen(foldNames([...unseen]))]),
    ...(notCovered.length === 0 ? [] : [words.notCovered(notCovered.length)]),
    words.looked(
      sources.map(({ name, entries }) => words.source(name, entries)).join(words.separator),
    ),
  ];
  if (findings.length === 0) return [{ title: '', columns: [], rows: [], notes }];
  return [sideBySide(findings, words, lang), hintTable(findings, words, lang, notes)];
}

function sideBySide(
  findings: readonly Discovered[],
  words: DiscoverWords,
  lang: Lang,
): ReportTable {
  const shown = sides.filter((side) =>
    findings.some(({ [side]: { mac, ip, port } }) => `${mac}${ip}${port}` !== ''),
  );
  const columns: Column[] = [
    { key: 'finding', title: words.finding, flexible: true },
    { key: 'host', title: words.host, flexible: true },
    ...shown.map((side) => ({ key: side, title: words[side], flexible: true })),
    { key: 'evidence', title: words.evidence, flexible: true },
  ];
  const rows = findings.map((finding) => [
    kindWord(finding.kind, lang),
    hostText(finding, words),
    ...shown.map((side) => standingText(finding[side])),
    evidenceText(finding, words),
  ]);
  return { title: '', columns, rows, tones: findings.map(toneOf), notes: [] };
}

function hostText({ host, room, seat, by }: Discovered, words: DiscoverWords): string {
  const place = [room, seat].filter((text) => text !== '').join(' ');
  const who = host === '' ? words.nobody : host;
  return [who, place, by === '' ? '' : words.by(by)].filter((text) => text !== '').join(' ');
}

function standingText({ mac, ip, port, vlan }: Standing): string {
  return [mac, ip, port, port !== '' && vlan !== '' ? `VLAN ${vlan}` : '']
    .filter((text) => text !== '')
    .join(' ');
}

function evidenceText({ evidence, kind }: Discovered, words: DiscoverWords): string {
  const [first] = evidence;
  if (!first) return '';
  const when = kind === 'ghost' ? words.seen(first.seenAt.slice(0, 10)) : '';
  const rest = evidence.length > 1 ? words.more(evidence.length - 1) : '';
  return [`${first.source} ${first.place}`.trim(), when, rest]
    .filter((text) => text !== '')
    .join(' ');
}

function toneOf({ kind }: Discovered): Tone {
  if (kind === 'squatted' || kind === 'duplicate' || kind === 'behind-router') return 'bad';
  return kind === 'ghost' || kind === 'stale' ? 'quiet' : 'doubt';
}

/** Each hint once, with all it is for. */
function hintTable(
  findings: readonly Discovered[],
  words: DiscoverWords,
  lang: Lang,
  notes: readonly string[],
): ReportTable {
  const groups = new Map<string, Discovered[]>();
  for (const finding of findings) {
    const key = `${finding.kind} ${finding.detail}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const names = group.filter(({ host }) => host !== '').map(({ host }) => host);
    const strangers = group.filter(({ host }) => host === '').map(subjectText);
    const who = [...(names.length === 0 ? [] : [foldNames(names)]), ...strangers.slice(0, 3)];
    const rest = strangers.length > 3 ? [words.more(strangers.length - 3)] : [];
    const whom = [...who, ...rest].join(words.separator);
    return [[kindWord(first.kind, lang), whom, hintFor(first.kind, first.detail, lang)]];
  });
  const columns: Column[] = [
    { key: 'finding', title: words.finding },
    { key: 'host', title: words.host, flexible: true },
    { key: 'hint', title: words.toDo, flexible: true },
  ];
  return { title: words.toDo, columns, rows, notes };
}

function subjectText(finding: Discovered): string {
  const { ip, mac } = subjectOf(finding);
  return ip || mac;
}
