import { describe, expect, it } from 'vitest';
import { PendingValue } from '../../../src/model/play-scope.ts';
import {
  makeFloat,
  makeLazy,
  makeTemplate,
  type PlayValue,
  type Scope,
} from '../../../src/model/play-value.ts';
import { TemplateError } from '../../../src/model/template-error.ts';
import type { Value } from '../../../src/model/value.ts';
import { createTemplar, type TemplateEffects } from '../../../src/playbook/template/templar.ts';
import { realEffects } from '../../helpers/template-effects.ts';

const templar = createTemplar(realEffects);

function makeScope(
  vars: { readonly [name: string]: PlayValue } = {},
  folders: string[] = [],
): Scope {
  return {
    get: (name) => (Object.hasOwn(vars, name) ? vars[name] : undefined),
    names: () => Object.keys(vars),
    folders,
  };
}

const render = (text: string, vars: { readonly [name: string]: PlayValue } = {}): Value =>
  templar.render(makeTemplate(text, { file: 'play.yaml', line: 3, column: 7 }), makeScope(vars));

function troubleOf(work: () => unknown): TemplateError {
  try {
    work();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('nothing went wrong');
}

const judge = (expression: string | boolean, vars: { readonly [name: string]: PlayValue } = {}) =>
  templar.judge({ expression, at: { file: 'play.yaml', line: 1, column: 1 } }, makeScope(vars));

describe('a template that is one expression', () => {
  it('keeps the type of its value', () => {
    expect(render('{{ 6 * 7 }}')).toBe(42);
    expect(render('{{ [1, "a"] }}')).toEqual([1, 'a']);
    expect(render('{{ "True" }}')).toBe('True');
    expect(render('{{ "[1]" }}')).toBe('[1]');
    expect(render('{{ (1, (2,)) }}')).toEqual([1, [2]]);
  });

  it('gives a float as a number, and a key as JSON prints it', () => {
    expect(render('{{ 4 / 2 }}')).toBe(2);
    expect(render('{{ {1: 2, true: 3, none: 4} }}')).toEqual({ 1: 2, true: 3, null: 4 });
  });

  it('prints a float of the variables as one', () => {
    expect(render('v{{ x }}', { x: makeFloat(2) })).toBe('v2.0');
  });
});

describe('what came from a host', () => {
  it('is never a template', () => {
    expect(render('{{ out }}', { out: '{{ 6 * 7 }}' })).toBe('{{ 6 * 7 }}');
    expect(render('a {{ out }}', { out: '{% raw %}' })).toBe('a {% raw %}');
    expect(render('{{ r.lines }}', { r: { lines: ['{{ x }}'] } })).toEqual(['{{ x }}']);
    expect(templar.render({ a: ['{{ x }}'] }, makeScope())).toEqual({ a: ['{{ x }}'] });
  });

  it('is no condition either', () => {
    const vars = { out: "lookup('pipe', 'id') == ''" };
    expect(judge('out', vars)).toBe(true);
    expect(troubleOf(() => judge('{{ out }}', vars)).message).toContain('leave the braces out');
  });
});

describe('a variable', () => {
  it('is worked out where it is used, through as many others as it names', () => {
    const vars = {
      a: makeTemplate('{{ b }}/x'),
      b: makeTemplate('{{ c.d }}'),
      c: { d: makeTemplate('y') },
    };
    expect(render('{{ a }}', vars)).toBe('y/x');
    expect(templar.render({ k: [makeTemplate('{{ a }}')] }, makeScope(vars))).toEqual({
      k: ['y/x'],
    });
  });

  it('may hold something undefined that nobody asks for', () => {
    const vars = { d: { bad: makeTemplate('{{ nosuch }}'), good: 1 } };
    expect(render('{{ d.good }}', vars)).toBe(1);
    expect(render('{{ d.bad | default("x") }}', vars)).toBe('x');
    expect(troubleOf(() => render('{{ d }}', vars)).undefinedName).toBe('nosuch');
  });

  it('that leads back to itself is a loop', () => {
    const vars = { a: makeTemplate('{{ b }}'), b: makeTemplate('{{ a }}') };
    expect(troubleOf(() => render('{{ a }}', vars)).message).toContain('recursive loop detected');
  });

  it('has one value throughout a template', () => {
    const vars = { r: makeTemplate('{{ 1000000 | random }}') };
    expect(render('{{ r == r }}', vars)).toBe(true);
  });

  it('that is a lazy mapping is asked only for what is named', () => {
    const asked: string[] = [];
    const hosts = makeLazy(
      (name) => {
        asked.push(name);
        return name === 'a' ? { ip: '10.0.0.1' } : undefined;
      },
      () => ['a'],
    );
    expect(render('{{ hostvars.a.ip }} {{ hostvars["a"]["ip"] }}', { hostvars: hosts })).toBe(
      '10.0.0.1 10.0.0.1',
    );
    expect(new Set(asked)).toEqual(new Set(['a']));
    expect(render('{{ hostvars | list }}', { hostvars: hosts })).toEqual(['a']);
    expect(troubleOf(() => render('{{ hostvars.zz.ip }}', { hostvars: hosts })).message).toBe(
      `"hostvars['zz']" is undefined`,
    );
  });

  it('that is not known yet stops everything, whatever stands around it', () => {
    const scope: Scope = {
      get: (name) => {
        if (name === 'coming') throw new PendingValue('coming');
        return name === 'via' ? { x: makeTemplate('{{ coming }}') } : undefined;
      },
      names: () => [],
      folders: [],
    };
    for (const text of [
      '{{ coming }}',
      '{{ coming | default(1) }}',
      '{{ coming is defined }}',
      '{{ via.x | default(1) }}',
      "{{ lookup('vars', 'coming', default=1, errors='ignore') }}",
      "{{ ['a'] | map('default', coming) | list }}",
    ])
      expect(() => templar.render(makeTemplate(text), scope)).toThrow(PendingValue);
    expect(() => templar.judge({ expression: 'coming is defined', at: undefined }, scope)).toThrow(
      PendingValue,
    );
    expect(render('{{ true or coming }}')).toBe(true);
  });
});

describe('a template that fails', () => {
  it('says where, within its scalar', () => {
    const trouble = troubleOf(() => render('ab {{ nosuch }}'));
    expect(trouble.at).toEqual({ file: 'play.yaml', line: 3, column: 13 });
    expect(trouble.undefinedName).toBe('nosuch');
    expect(troubleOf(() => render('a\n{{ 1 + "x" }}')).at).toEqual({
      file: 'play.yaml',
      line: 4,
      column: 6,
    });
  });

  it('says where in its file, also behind a header', () => {
    const source = { text: '#jinja2: trim_blocks: False\na\n  {{ nosuch }}\n', file: '/t/a.j2' };
    expect(troubleOf(() => templar.renderFile(source, makeScope())).at).toEqual({
      file: '/t/a.j2',
      line: 3,
      column: 6,
    });
  });
});

describe('a condition', () => {
  it('is an expression, or yes or no as it stands', () => {
    expect(judge(true)).toBe(true);
    expect(judge(false)).toBe(false);
    expect(judge('1 < 2 and x', { x: 'text' })).toBe(true);
    expect(judge('', {})).toBe(true);
  });

  it('names itself and the undefined variable', () => {
    const trouble = troubleOf(() => judge('nosuch == 1'));
    expect(trouble.message).toBe(
      "The conditional check 'nosuch == 1' failed. The error was: error while evaluating conditional (nosuch == 1): 'nosuch' is undefined",
    );
    expect(trouble.undefinedName).toBe('nosuch');
  });

  it('reads braces as parentheses, within texts too', () => {
    const vars = { a: 'x', b: 5 };
    expect(judge("{{ a }} == 'x'", vars)).toBe(true);
    expect(judge("'{{ a }}-{{ b }}' == 'x-5'", vars)).toBe(true);
    expect(judge('{{ b > 9 }}', vars)).toBe(false);
  });

  it('refuses the text "False", which Ansible takes one way or the other', () => {
    expect(troubleOf(() => judge('x', { x: 'False' })).message).toContain('| bool');
    expect(troubleOf(() => judge('not x', { x: 'False' })).message).toContain('| bool');
    expect(judge('x | bool', { x: 'False' })).toBe(false);
    expect(judge('x', { x: 'false' })).toBe(true);
  });
});

describe('a file', () => {
  it('takes other delimiters and line ends', () => {
    const source = { text: '<% if true %>\n<< 1 >> {{ 2 }}\n<% endif %>\n', file: '/t/a.j2' };
    const settings = {
      variableStart: '<<',
      variableEnd: '>>',
      blockStart: '<%',
      blockEnd: '%>',
      newlineSequence: '\r\n',
    };
    expect(templar.renderFile(source, makeScope(), settings)).toBe('1 {{ 2 }}\r\n');
  });

  it('strips blanks before blocks, or keeps the newline behind them, when told', () => {
    const source = { text: '  {% if true %}\nx\n  {% endif %}\n', file: '/t/a.j2' };
    expect(templar.renderFile(source, makeScope(), { lstripBlocks: true })).toBe('x\n');
    expect(templar.renderFile(source, makeScope(), { trimBlocks: false })).toBe('  \nx\n  \n');
  });
});

describe('a template that does too much', () => {
  const clock = { now: 0 };
  const slow: TemplateEffects = { ...realEffects, nowMs: () => (clock.now += 300) };
  const limited = createTemplar(slow);

  it('is given up after a second', () => {
    const text =
      '{% for a in range(1000000) %}{% for b in range(1000000) %}{% endfor %}{% endfor %}';
    expect(troubleOf(() => limited.render(makeTemplate(text), makeScope())).message).toContain(
      'longer than 1 second',
    );
  });

  it.each([
    '{{ "x" * 100000000 }}',
    '{{ ["x"] * 100000000 }}',
    '{{ "x" | center(100000000) }}',
    '{{ range(100000000) }}',
    '{{ "%999999999d" % 1 }}',
    '{{ "{:999999999}".format(1) }}',
    '{% set l = ["xxxxxxxxxxxxxxxx"] %}{% for i in range(40) %}{% set _ = l.append(l[-1] ~ l[-1]) %}{% endfor %}',
    '{% set l = [1] %}{% for i in range(40) %}{% set _ = l.extend(l) %}{% endfor %}',
    '{{ range(1000) | product(range(1000), range(1000)) }}',
    '{{ range(30) | permutations }}',
    '{{ 9 ** 999999 }}',
    '{% set x = namespace(n=3) %}{% for i in range(40) %}{% set x.n = x.n * x.n %}{% endfor %}',
    '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    '{% set l = [] %}{% set _ = l.append(l) %}{{ l }}',
    '{% set l = [] %}{% set _ = l.append(l) %}{{ l | to_json }}',
    '{% set l = [] %}{% set _ = l.append(l) %}{{ l | to_yaml }}',
    '{% set l = [] %}{% set _ = l.append(l) %}{{ l == l[0] }}{{ [l] == [[l]] }}{{ l | flatten }}',
  ])('is refused: %s', (text) => {
    expect(troubleOf(() => render(text)).message).not.toBe('');
  });

  it('may take long over one password, whose rounds are its own limit', () => {
    expect(
      limited.render(
        makeTemplate("{{ 'x' | password_hash('sha512', 'salt', rounds=5000) }}"),
        makeScope(),
      ),
    ).toMatch(/^\$6\$salt\$/);
  });
});
