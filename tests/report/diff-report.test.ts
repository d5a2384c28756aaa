import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Binding } from '../../src/model/export.ts';
import { diffBindings } from '../../src/report/diff-bindings.ts';
import { diffLines, type TextLine } from '../../src/report/diff-lines.ts';
import { reportDiff } from '../../src/report/diff-report.ts';

const bind = (mac: string, ip: string, more: Partial<Binding> = {}): Binding => ({
  mac,
  ip,
  name: '',
  vlan: '',
  port: '',
  line: 1,
  ...more,
});
const some = fc.array(
  fc
    .tuple(
      fc.constantFrom('', 'a', 'b', 'c', 'd'),
      fc.constantFrom('', '1', '2', '3', '4'),
      fc.nat(9),
    )
    .map(([mac, ip, line]) => bind(mac, ip, { line: line + 1 })),
  { maxLength: 12 },
);
const content = ({ mac, ip, name, vlan, port }: Omit<Binding, 'line'>) =>
  [mac, ip, name, vlan, port].join(' ');

describe('diffBindings', () => {
  it('turns what is live into what is wanted, whatever both are', () => {
    fc.assert(
      fc.property(some, some, (live, wanted) => {
        const result = new Set(live.map(content));
        const { changes, unchanged } = diffBindings(live, wanted);
        for (const { before } of changes)
          if (before !== null) expect(result.delete(content(before))).toBe(true);
        for (const { after } of changes) if (after !== null) result.add(content(after));
        expect([...result].sort()).toEqual([...new Set(wanted.map(content))].sort());
        expect(unchanged + changes.filter(({ after }) => after !== null).length).toBe(result.size);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds nothing between a register and itself in another order', () => {
    fc.assert(
      fc.property(some, (live) => {
        expect(diffBindings(live, live.toReversed()).changes).toEqual([]);
      }),
    );
  });

  it('tells a new card, a new address and another port as one change each', () => {
    const live = [
      bind('a', '1', { line: 1 }),
      bind('b', '2', { line: 2 }),
      bind('c', '3', { line: 3, port: 'GE1' }),
    ];
    const wanted = [bind('x', '1'), bind('b', '9'), bind('c', '3', { port: 'GE2' })];
    const { changes } = diffBindings(live, wanted);
    expect(changes.map(({ change, line }) => [change, line])).toEqual([
      ['changed', 1],
      ['changed', 2],
      ['changed', 3],
    ]);
  });
});

describe('diffLines', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 14 });
  const apply = (live: string, changes: ReturnType<typeof diffLines>['changes']) => {
    const gone = new Set(
      changes.filter(({ change }) => change === 'removed').map(({ line }) => line),
    );
    return live.split('\n').filter((_, at) => !gone.has(at + 1));
  };

  it('says of every line that goes its place and what it says, and leaves what both have', () => {
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        const [live, wanted] = [one, other].map((each) => each.map((line) => `${line}\n`).join(''));
        const { changes, unchanged } = diffLines(live ?? '', wanted ?? '');
        const written = (live ?? '').split('\n');
        for (const { line, before } of changes)
          if (before !== null) expect(written[line - 1]).toBe((before as TextLine).text);
        const kept = apply(live ?? '', changes).slice(0, unchanged);
        const added = changes.filter(({ change }) => change === 'added');
        expect(kept.length + added.length).toBe(other.length);
        expect([...kept, ...added.map(({ after }) => after?.text)].sort()).toEqual(
          other.toSorted(),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('needs no more changes than there are', () => {
    expect(diffLines('a\nb\nc\n', 'a\nc\n').changes).toEqual([
      { change: 'removed', line: 2, before: { text: 'b' }, after: null },
    ]);
    expect(diffLines('a\r\nb\r\n', 'a\nb\n').changes).toEqual([]);
  });

  it('gives up on finding the shortest way between two long texts that share nothing', () => {
    const text = (letter: string) =>
      Array.from({ length: 10_000 }, (_, at) => `${letter}${at}\n`).join('');
    const { changes, unchanged } = diffLines(text('x'), text('y'));
    expect(changes.length).toBe(20_000);
    expect(unchanged).toBe(0);
  });
});

describe('reportDiff', () => {
  const comparison = {
    format: 'huawei',
    live: 'live.cfg',
    differences: diffBindings(
      [bind('00:e0:4c:01:00:01', '10.1.1.1', { vlan: '110', line: 7 })],
      [bind('00:e0:4c:01:00:01', '10.1.1.1', { vlan: '' })],
    ),
    unknown: [{ line: 3, text: 'sysname A' }],
    carriesOwners: false,
    nameOf: () => 'a01',
  };

  it('says of a change only what is different, and that something went away', () => {
    const { tables, records, document } = reportDiff(comparison, '2026-11-23T14:15:00.000Z', 'en');
    expect(tables).toHaveLength(1);
    expect(tables[0]?.rows).toEqual([['changed', '7', 'a01', 'vlan 110', 'vlan -']]);
    expect(tables[0]?.notes).toEqual([
      '0 added, 0 removed, 1 changed, 0 alike.',
      '1 line of the live text was not understood and not compared.',
    ]);
    expect(records.rows).toHaveLength(1);
    expect(document['totals']).toEqual({
      added: 0,
      removed: 0,
      changed: 1,
      unchanged: 0,
      unknown: 1,
    });
  });

  it('speaks Chinese', () => {
    const { tables } = reportDiff(comparison, '2026-11-23T14:15:00.000Z', 'zh-CN');
    expect(tables[0]?.notes[0]).toBe('新增 0 条，删除 0 条，更改 1 条，一致 0 条。');
  });
});
