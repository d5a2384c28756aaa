import fc from 'fast-check';

const word = fc.oneof(
  fc.constantFrom(
    'a',
    'host',
    'pc01',
    'pc[01:24]',
    'lab_a',
    '机房',
    'a b',
    'x-y',
    '0123',
    'no',
    '~',
    'é',
    '<<',
  ),
  fc.stringMatching(/^[a-z][a-z0-9_.-]{2,6}$/),
);
const plain = fc.oneof(
  word,
  fc.constantFrom(
    '10.0.0.0/24',
    '52:54:00:44:49:56',
    '-1',
    '-',
    '- x',
    'a:b',
    'a#b',
    "it's",
    '1.5',
    'a "b"',
    'sw:Gi0/1',
    '--- x',
    '*x',
    '&y z',
    '!t v',
    '?',
    '? q',
    '%a',
    '@b',
    '`c',
    'a, b',
    'x]',
    '{',
    '...',
    '|',
    '>-',
    'a: b',
    'k:',
    '<<',
  ),
);
const quoted = fc
  .oneof(word, fc.constantFrom('', "it''s", 'a # b', 'a: b', '{x}', '\\n', ' lead', 'trail '))
  .chain((text) => fc.constantFrom(`"${text}"`, `'${text}'`));
const flowScalar = fc.oneof(
  { weight: 14, arbitrary: word },
  { weight: 2, arbitrary: quoted },
  plain,
);
const flow = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    flowScalar,
    fc
      .tuple(fc.array(tie('node'), { maxLength: 3 }), fc.constantFrom(', ', ', ', ', ', ',', ' , '))
      .map(([items, comma]) => `[${items.join(comma)}]`),
    fc
      .tuple(
        fc.array(
          fc.tuple(flowScalar, fc.constantFrom(': ', ': ', ': ', ': ', ':', ':  '), tie('node')),
          {
            maxLength: 3,
          },
        ),
        fc.constantFrom('{', '{ '),
        fc.constantFrom('}', ' }'),
      )
      .map(
        ([entries, open, close]) =>
          `${open}${entries.map((entry) => entry.join('')).join(', ')}${close}`,
      ),
  ),
})).node;
const comment = fc.constantFrom('', '', '', '', ' # note', '  # x: y', ' # ä', ' ');
const inline = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: word },
      { weight: 2, arbitrary: quoted },
      { weight: 2, arbitrary: flow },
      plain,
    ),
    comment,
  )
  .map((parts) => parts.join(''));
const key = fc.oneof({ weight: 6, arbitrary: word }, quoted);
const between = fc.constantFrom('', '', '', '', '\n', '# comment\n', '   # comment\n', '  \n');

const blocks = fc.letrec<{ map: string[]; list: string[]; node: string[] }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    tie('map'),
    tie('map'),
    tie('list'),
  ),
  map: fc
    .array(
      fc.tuple(
        key,
        fc.oneof(
          { depthSize: 'medium' },
          inline.map((text) => [` ${text}`]),
          comment.map((text) => [text]),
          fc
            .tuple(comment, fc.constantFrom('  ', '    ', ' ', ''), tie('node'))
            .map(([note, indent, lines]) => [note, ...lines.map((line) => indent + line)]),
        ),
        between,
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((entries) =>
      entries.flatMap(([name, [first = '', ...rest], gap]) => [`${gap}${name}:${first}`, ...rest]),
    ),
  list: fc
    .array(
      fc.oneof(
        inline.map((text) => [text]),
        tie('map'),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((items) =>
      items.flatMap(([first = '', ...rest]) => [`- ${first}`, ...rest.map((line) => `  ${line}`)]),
    ),
}));

/** Inventories as people write them, mostly within the plain subset of YAML, here and there with something stranger. */
export const documents: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', '', '---\n', '# head\n', '\ufeff', '\n'),
    blocks.node,
    fc.constantFrom('\n', '\n', '\r\n'),
    fc.constantFrom('\n', '', '\n\n', '\n# end', '\n', '\n', '\n...\n', '\n---\n'),
  )
  .map(([head, lines, newline, end]) => (head + lines.join('\n') + end).replaceAll('\n', newline));

const snippets = [
  '\t',
  ' ',
  '  ',
  ':',
  ': ',
  '- ',
  '#',
  ' #',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  ',',
  '\n',
  '\r',
  '\\',
  '|',
  '&a',
  '*a',
  '!',
  '?',
  '? ',
  '%',
  '@',
  '\u00a0',
  '\u0085',
  '---',
  'x',
];

/** One or two slips: something typed, deleted or doubled somewhere. */
export const mutations: fc.Arbitrary<(text: string) => string> = fc
  .array(
    fc.record({
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(6),
      snippet: fc.constantFrom(...snippets),
      kind: fc.constantFrom('insert', 'delete', 'replace', 'double'),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map(
    (slips) => (text: string) =>
      slips.reduce((changed, { place, length, snippet, kind }) => {
        const at = Math.floor(place * changed.length);
        const before = changed.slice(0, at);
        const rest = changed.slice(at);
        if (kind === 'insert') return before + snippet + rest;
        if (kind === 'delete') return before + rest.slice(length);
        if (kind === 'replace') return before + snippet + rest.slice(length);
        return before + rest.slice(0, length) + rest;
      }, text),
  );
