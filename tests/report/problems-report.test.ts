import { expect, test } from 'vitest';
import tableFormat from '../../src/catalog/formats/table.ts';
import type { Problem } from '../../src/model/problem.ts';
import { reportProblems } from '../../src/report/problems-report.ts';

const at = '2026-09-01T00:30:00.000Z';
const bad: Problem = {
  severity: 'error',
  rule: 'mac-invalid',
  file: 'inventories/school.yaml',
  line: 14,
  column: 10,
  path: 'all.children.lab_a.hosts.a07.mac',
  message: '"52-54-00-zz" is not a MAC address',
  hint: 'write six pairs of hex digits, such as "52:54:00:aa:bb:cc"',
};
const doubtful: Problem = {
  ...bad,
  severity: 'warning',
  rule: 'no-owner',
  line: 3,
  column: 1,
  path: '',
  message: 'no owner \x1b[2J\nsecond line',
  hint: '',
};
const textOf = (problems: readonly Problem[], lang: 'en' | 'zh-CN' = 'en') =>
  tableFormat.write(reportProblems(problems, { hosts: 12, files: 2 }, at, lang), {
    columns: 60,
    color: false,
    lang,
  });

test('looks like a compiler: place, path and message on one line however long, the hint below, counts at the end', () => {
  expect(textOf([bad])).toBe(
    [
      'error  inventories/school.yaml:14:10  all.children.lab_a.hosts.a07.mac: "52-54-00-zz" is not a MAC address',
      ' hint  write six pairs of hex digits, such as "52:54:00:aa:bb:cc"',
      '',
      '1 error, 0 warnings',
      '',
    ].join('\n'),
  );
});

test('is sorted by place and shows control characters instead of obeying them', () => {
  const lines = textOf([bad, doubtful]).split('\n');
  expect(lines[0]).toBe('warning  inventories/school.yaml:3:1  no owner \\x1b[2J second line');
  expect(lines[1]).toMatch(/^ {2}error {2}inventories\/school\.yaml:14:10/);
  expect(lines[2]).toMatch(/^ {3}hint {2}write six/);
});

test('says with numbers that there are none', () => {
  expect(textOf([])).toBe('No problems in 2 files with 12 hosts.\n');
  expect(textOf([], 'zh-CN')).toBe('2 个文件、12 台主机，没有问题。\n');
});

test('gives scripts every field, and test cases where a warning passes', () => {
  const report = reportProblems([bad, doubtful], { hosts: 12, files: 2 }, at, 'en');
  expect(report.schema).toBe('lab.problems/1');
  expect(report.document['totals']).toEqual({ error: 1, warning: 1, hosts: 12, files: 2 });
  expect(report.records.rows[1]).toEqual(bad);
  expect(report.cases?.map(({ suite, name, status }) => [suite, name, status])).toEqual([
    ['inventories/school.yaml', 'no-owner 3:1', 'passed'],
    ['inventories/school.yaml', 'mac-invalid 14:10 all.children.lab_a.hosts.a07.mac', 'failed'],
  ]);
  expect(reportProblems([], { hosts: 12, files: 2 }, at, 'en').cases).toHaveLength(1);
});
