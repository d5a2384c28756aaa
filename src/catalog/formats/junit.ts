import { printable, printableLines } from '../../model/display.ts';
import { LabError } from '../../model/lab-error.ts';
import { defineFormat, type ReportCase } from '../../model/report.ts';

export default defineFormat({
  name: 'junit',
  summary:
    'JUnit XML for CI servers: one suite a host, one case a check; what could not be found out is an error, a warning passes and is told in system-out.',
  extension: 'xml',
  write({ schema, startedAt, cases }) {
    if (!cases)
      throw new LabError(
        'usage',
        `a ${schema} report has no test cases`,
        'choose another output format, such as json',
      );
    const suites = Map.groupBy(cases, ({ suite }) => suite);
    const elements = [...suites].flatMap(([name, items], id) =>
      suiteOf(name, id, startedAt, items),
    );
    return `${['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...elements, '</testsuites>'].join('\n')}\n`;
  },
});

// Ant's schema wants all of these, in this order, and no zone in the timestamp; Jenkins' takes them.
function suiteOf(
  name: string,
  id: number,
  startedAt: string,
  cases: readonly ReportCase[],
): string[] {
  const count = (status: ReportCase['status']): number =>
    cases.filter((each) => each.status === status).length;
  const attributes = attributesOf({
    name: name || '-',
    package: 'lab',
    id,
    timestamp: startedAt.slice(0, 19),
    hostname: name || '-',
    tests: cases.length,
    failures: count('failed'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(cases.reduce((total, { durationMs }) => total + durationMs, 0)),
  });
  const remarks = cases.filter(({ status, message }) => status === 'passed' && message !== '');
  const told = remarks
    .flatMap((each) => [`${each.name}: ${each.message}`, each.detail])
    .filter((line) => line !== '');
  const output = [
    `    <system-out>${textOf(told.join('\n'))}</system-out>`,
    '    <system-err></system-err>',
  ];
  return [
    `  <testsuite${attributes}>`,
    '    <properties></properties>',
    ...cases.map(caseOf),
    ...output,
    '  </testsuite>',
  ];
}

function caseOf({ suite, name, status, message, detail, durationMs }: ReportCase): string {
  const named = { name: name || '-', classname: suite || '-', time: seconds(durationMs) };
  const open = `    <testcase${attributesOf(named)}>`;
  if (status === 'passed') return `${open}</testcase>`;
  const tag = { failed: 'failure', error: 'error', skipped: 'skipped' }[status];
  return `${open}<${tag}${attributesOf({ message, type: status })}>${textOf(detail)}</${tag}></testcase>`;
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(3);
}

function attributesOf(attributes: { readonly [name: string]: string | number }): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(printable(String(value)))}"`)
    .join('');
}

function textOf(text: string): string {
  return printableLines(text).map(escapeXml).join('\n');
}

// `>` too, because `]]>` may not stand in character data (XML 1.0, 2.4); characters XML forbids are gone after `printable`.
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
