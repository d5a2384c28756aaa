import { describe, expect, it } from 'vitest';
import { checkTemplate } from '../../../src/playbook/template/templar.ts';

const at = { file: 'play.yaml', line: 10, column: 5 };
const check = (text: string, as: 'template' | 'expression' = 'template') =>
  checkTemplate(text, as, at).map(({ line, column, severity, rule, message, hint }) => ({
    place: `${line}:${column}`,
    severity,
    rule,
    message,
    hint,
  }));

describe('the check of a template', () => {
  it('finds nothing in one that is fine', () => {
    expect(
      check(
        "{{ a | default('x') | combine(b, recursive=true) }} {% if c is version('1', '>') %}{% endif %}",
      ),
    ).toEqual([]);
    expect(
      check(
        "a | community.general.json_query('x') and b is ansible.builtin.search('y')",
        'expression',
      ),
    ).toEqual([]);
    expect(check('', 'expression')).toEqual([]);
  });

  it('finds all unknown filters, tests and lookups, and says what may be meant', () => {
    expect(
      check(
        "{{ a | defalut(1) }} {{ b is defned }} {{ lookup('fiel', 'x') }} {{ [1] | map('uper') }} {{ l | selectattr('a', 'equlto', 1) }} {{ l | select('equlto', 1) }}",
      ),
    ).toMatchObject([
      { place: '10:12', rule: 'unknown-filter', hint: 'did you mean default?' },
      { place: '10:34', rule: 'unknown-test', hint: 'did you mean defined?' },
      { place: '10:54', rule: 'unknown-lookup', hint: 'did you mean file?' },
      { rule: 'unknown-filter', message: 'there is no filter "uper"' },
      { place: '10:117', rule: 'unknown-test', message: 'there is no test "equlto"' },
      { place: '10:147', rule: 'unknown-test', message: 'there is no test "equlto"' },
    ]);
  });

  it.each([
    ['{{ a', 'template-syntax', '10:5'],
    ['x {{ a b }}', 'template-syntax', '10:12'],
    ['x {% if a %}', 'template-syntax', '10:7'],
    ['{% nosuch %}', 'template-syntax', '10:8'],
    ["{{ 'a }}", 'template-syntax', '10:8'],
    ['a\n{{ ) }}', 'template-syntax', '11:4'],
    ['{{ a }', 'template-syntax', '10:10'],
    ['{% do x() %}', 'template-unsupported', '10:8'],
    ["{% extends 'a' %}", 'template-unsupported', '10:8'],
    ["{{ 'it\\'s' }}", 'template-syntax', '10:8'],
    ['#jinja2: line_statement_prefix: "%"\nx', 'template-unsupported', '10:5'],
  ])('refuses %s', (text, rule, place) => {
    expect(check(text)).toMatchObject([{ rule, place, severity: 'error' }]);
  });

  it.each([
    ['sums', `{{ ${'1 + '.repeat(20_000)}1 }}`],
    ['names', `{{ a${'.b'.repeat(20_000)} }}`],
    ['filters', `{{ a${' | d(1)'.repeat(20_000)} }}`],
    ['choices', `{{ ${'1 if a else '.repeat(20_000)}1 }}`],
    ['brackets', `{{ ${'['.repeat(20_000)}${']'.repeat(20_000)} }}`],
    ['signs', `{{ ${'-'.repeat(20_000)}1 }}`],
    ['conditions', `{{ ${'not '.repeat(20_000)}1 }}`],
    ['blocks', `${'{% if a %}'.repeat(20_000)}`],
  ])('refuses endless %s instead of running out of room', (_, text) => {
    expect(check(text)).toMatchObject([{ rule: 'template-syntax' }]);
  });

  it('warns of braces in a condition, and refuses statements there', () => {
    expect(check('{{ a }} == 1', 'expression')).toMatchObject([
      { rule: 'braces-in-when', severity: 'warning' },
    ]);
    expect(check('{% if a %}true{% endif %}', 'expression')).toMatchObject([
      { rule: 'template-syntax', severity: 'error' },
    ]);
    expect(check('a = 1', 'expression')).toMatchObject([
      { rule: 'template-syntax', place: '10:7' },
    ]);
  });
});
