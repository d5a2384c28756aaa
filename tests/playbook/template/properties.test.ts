import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTemplate, type PlayValue, type Scope } from '../../../src/model/play-value.ts';
import { TemplateError } from '../../../src/model/template-error.ts';
import type { Value } from '../../../src/model/value.ts';
import { filters } from '../../../src/playbook/template/filters.ts';
import { lookups } from '../../../src/playbook/template/lookups.ts';
import { checkTemplate, createTemplar, namesIn } from '../../../src/playbook/template/templar.ts';
import { tests } from '../../../src/playbook/template/tests.ts';
import { realEffects } from '../../helpers/template-effects.ts';

const { pipe: _pipe, ...others } = realEffects;
const templar = createTemplar(others);

function scopeOf(vars: { readonly [name: string]: PlayValue }): Scope {
  return {
    get: (name) => (Object.hasOwn(vars, name) ? vars[name] : undefined),
    names: () => Object.keys(vars),
    folders: ['/nonexistent'],
  };
}

const vars = {
  a: 1,
  b: 'text',
  c: [1, 'x', [null, true], { k: 'v' }],
  d: { k: 1, l: [1, 2], m: { n: 'o' } },
  e: null,
  f: 1.5,
  g: makeTemplate('{{ a }}-{{ nosuch }}'),
};

/** Renders; what is no TemplateError is our bug and gets out. */
function outcome(text: string, scope: Scope = scopeOf(vars)): Value | TemplateError {
  try {
    return templar.render(makeTemplate(text), scope);
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}

// what takes its time on purpose is left out
const slow = new Set(['password_hash', 'password']);
const names = (table: object): string[] => Object.keys(table).filter((name) => !slow.has(name));
const atom = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'c',
    'd',
    'e',
    'f',
    'g',
    'nosuch',
    'true',
    'none',
    '[]',
    '{}',
    '()',
    '""',
    '0',
    '-1',
    '2.5',
    '1e9',
    'range(3)',
    'omit',
  ),
  fc.integer({ min: -1000, max: 1000 }).map(String),
  fc.string({ maxLength: 8 }).map((text) => `'${text.replaceAll(/['\\]/g, '')}'`),
);
const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      atom,
      fc
        .tuple(inner, fc.constantFrom(...names(filters)), fc.array(inner, { maxLength: 3 }))
        .map(([x, name, args]) => `(${x} | ${name}(${args.join(', ')}))`),
      fc
        .tuple(inner, fc.constantFrom(...names(tests)), fc.array(inner, { maxLength: 2 }))
        .map(([x, name, args]) => `(${x} is ${name}(${args.join(', ')}))`),
      fc
        .tuple(
          inner,
          fc.constantFrom(
            '+',
            '-',
            '*',
            '/',
            '//',
            '%',
            '**',
            '~',
            '==',
            '<',
            'in',
            'and',
            'or',
            'not in',
          ),
          inner,
        )
        .map((parts) => `(${parts.join(' ')})`),
      fc
        .tuple(
          inner,
          fc.constantFrom(
            '.k',
            '.items()',
            '.upper()',
            '.append(1)',
            '.split()',
            '[0]',
            '[-1:]',
            '.format(1, 2)',
            '.get(1)',
            '["k"]',
            '.join(c)',
            '.pop()',
            '.constructor',
            '.__proto__',
            '.length',
          ),
        )
        .map(([x, rest]) => `(${x})${rest}`),
      fc
        .tuple(fc.constantFrom(...names(lookups)), fc.array(inner, { maxLength: 2 }))
        .map(([name, args]) => `lookup(${[`'${name}'`, ...args].join(', ')})`),
      fc.array(inner, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
      fc.tuple(inner, inner, inner).map(([x, y, z]) => `(${x} if ${y} else ${z})`),
    ),
  };
});

describe('templates, whatever they say', () => {
  it('end in a value or a TemplateError', () => {
    fc.assert(
      fc.property(expression, (text) => {
        outcome(`{{ ${text} }}`);
        outcome(`{% for x in ${text} %}{{ x }}{% else %}-{% endfor %}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('are read or refused, never a crash, however broken', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{%',
        '%}',
        '{#',
        '#}',
        ' if ',
        ' for ',
        ' in ',
        ' set ',
        ' endif ',
        ' else ',
        'a',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '|',
        ',',
        ':',
        '.',
        "'",
        '"',
        '\\',
        '~',
        '=',
        '-',
        '+',
        ' is ',
        ' not ',
        '\n',
        '1',
        ' raw ',
        ' endraw ',
        ' macro ',
        ' call ',
        ' include ',
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = pieces.join('');
        outcome(text);
        const at = { file: 'f', line: 1, column: 1 };
        for (const as of ['template', 'expression'] as const) {
          checkTemplate(text, as, at);
          namesIn(text, as);
        }
        try {
          templar.judge({ expression: text, at }, scopeOf(vars));
          templar.renderFile({ text, file: '/t' }, scopeOf(vars));
        } catch (error) {
          if (!(error instanceof TemplateError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('give data of hosts out as it came, rendered by nobody', () => {
    const data = fc
      .jsonValue({ maxDepth: 3 })
      .chain((value) =>
        fc
          .constantFrom('{{ a }}', '{% raw %}', "{{ lookup('env', 'HOME') }}", '{#')
          .map((text) => ({ value, text })),
      );
    fc.assert(
      fc.property(data, ({ value, text }) => {
        const known = JSON.parse(JSON.stringify({ value, texts: [text] })) as Value;
        const scope = scopeOf({ data: known as PlayValue });
        expect(templar.render(makeTemplate('{{ data }}'), scope)).toEqual(known);
        expect(templar.render(makeTemplate('x{{ data.texts[0] }}'), scope)).toBe(`x${text}`);
        expect(templar.render({ inside: known as PlayValue }, scope)).toEqual({ inside: known });
      }),
      { numRuns: 500 },
    );
  });

  it('reach nothing of the program, by any name', () => {
    const inherited = [
      'constructor',
      '__proto__',
      'prototype',
      'toString',
      'valueOf',
      'hasOwnProperty',
      'call',
      'apply',
      'bind',
      'map',
      'source',
      'kind',
      'get',
      'run',
      '__class__',
      '__globals__',
      '__init__',
      '__mro__',
      '__subclasses__',
      'caller',
      'arguments',
    ];
    const objects = [
      "''",
      '1',
      '1.5',
      '[]',
      '{}',
      '()',
      'true',
      'none',
      'range',
      'lookup',
      'range(1)',
      'dict(a=1)',
      'namespace()',
      'cycler(1)',
      'joiner()',
      'now()',
      "''.upper",
      'd',
      'c',
    ];
    const reach = (object: string, name: string): string[] => [
      `${object}.${name}`,
      `(${object})['${name}']`,
      `(${object}) | attr('${name}')`,
      `[${object}] | map(attribute='${name}') | first`,
    ];
    // the one name in the list that a type of Python has as well
    const isMethod = (object: string, name: string): boolean =>
      name === 'get' && ['{}', 'dict(a=1)', 'd'].includes(object);
    const texts = objects.flatMap((object) =>
      inherited.filter((name) => !isMethod(object, name)).flatMap((name) => reach(object, name)),
    );
    expect(texts.length).toBeGreaterThan(1000);
    expect(texts.filter((text) => outcome(`{{ (${text}) is defined }}`) === true)).toEqual([]);
  });
});
