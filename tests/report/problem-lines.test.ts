import { expect, test } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import { renderProblemLines, tellLines, tellProblem } from '../../src/report/problem-lines.ts';

const bad: Problem = {
  severity: 'error',
  rule: 'mac-invalid',
  file: 'school.yaml',
  line: 14,
  column: 10,
  path: 'all.hosts.a07.mac',
  message: '"zz" is not a MAC address',
  hint: 'write six pairs of hex digits',
};

test('an error and its hint stand flush right, place and path before the message', () => {
  expect(renderProblemLines(tellProblem(bad))).toBe(
    [
      'error  school.yaml:14:10  all.hosts.a07.mac: "zz" is not a MAC address',
      ' hint  write six pairs of hex digits',
      '',
    ].join('\n'),
  );
});

test('beside a warning, errors move to the right', () => {
  const missing = tellLines('warning', 'what could not be read is missing below', '');
  const lines = renderProblemLines([...tellProblem({ ...bad, path: '' }), ...missing]);
  expect(lines.split('\n')).toEqual([
    '  error  school.yaml:14:10  "zz" is not a MAC address',
    '   hint  write six pairs of hex digits',
    'warning  what could not be read is missing below',
    '',
  ]);
});

test('what a file wrote cannot steer the terminal nor begin a line of its own', () => {
  const evil = { ...bad, message: 'a\nerror  b\x1b[2J', hint: 'c\nd' };
  expect(renderProblemLines(tellProblem(evil)).split('\n')).toEqual([
    'error  school.yaml:14:10  all.hosts.a07.mac: a error  b\\x1b[2J',
    ' hint  c d',
    '',
  ]);
});

test('nothing wrong is no line', () => {
  expect(renderProblemLines([])).toBe('');
});
