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

test.each([
  ['all.hosts.a02', 'a02: no IP address', 'all.hosts.a02: no IP address'],
  ['all.hosts.pc[01:24]', 'pc[01-24]: no owner', 'all.hosts.pc[01:24]: no owner'],
  ['[lab].a02', 'a02: no owner', '[lab].a02: no owner'],
  ['all.hosts.a02.mac', 'a02: taken by a01', 'all.hosts.a02.mac: taken by a01'],
  ['all.vars.a', 'b: no such thing', 'all.vars.a: b: no such thing'],
])('below the path %s, "%s" does not say a name twice', (path, message, told) => {
  expect(tellProblem({ ...bad, path, message })[0]?.text).toBe(`school.yaml:14:10  ${told}`);
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
