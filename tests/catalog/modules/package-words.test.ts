import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAptSpecs } from '../../../src/catalog/modules/parts/apt-specs.ts';
import { renderDeb822, repositorySlug } from '../../../src/catalog/modules/parts/deb822.ts';
import { dnfFailure, dnfResults } from '../../../src/catalog/modules/parts/dnf-outcome.ts';
import { normalizeGVariant } from '../../../src/catalog/modules/parts/gvariant.ts';
import { editLocaleGen, sameLocale } from '../../../src/catalog/modules/parts/locales.ts';
import { matchesPattern } from '../../../src/catalog/modules/parts/name-pattern.ts';
import { isAnswered, parsePipWishes } from '../../../src/catalog/modules/parts/pip-wishes.ts';
import {
  comparePythonVersions,
  fitsPythonSpecifiers,
} from '../../../src/catalog/modules/parts/python-version.ts';
import { compareRpmVersions } from '../../../src/catalog/modules/parts/rpm-version.ts';
import {
  addSource,
  parseSource,
  removeSource,
  sourceFileName,
} from '../../../src/catalog/modules/parts/sources-list.ts';

/** Runs a Python program over lines of JSON; Ansible brings the interpreter and the packaging library. */
function python(program: string, cases: readonly unknown[]): unknown[] {
  const input = cases.map((item) => JSON.stringify(item)).join('\n');
  const done = spawnSync('/usr/bin/python3', ['-c', program], { input, encoding: 'utf8' });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] =>
  fc.sample(arbitrary, { numRuns: count, seed: 7 });
const digits = fc.nat({ max: 12 }).map(String);
const release = fc.array(digits, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));

describe('versions of Python packages', () => {
  const suffix = (words: readonly string[]) =>
    fc.option(fc.tuple(fc.constantFrom(...words), digits), { nil: undefined });
  const version = fc
    .tuple(
      release,
      suffix(['a', 'b', 'rc', '-alpha', '.c']),
      suffix(['.post', '-', 'r']),
      suffix(['.dev']),
    )
    .map(([base, ...more]) => base + more.map((part) => part?.join('') ?? '').join(''));

  it('are ordered as the packaging library orders them', () => {
    const pairs = sample(fc.tuple(version, version), 2000);
    const wanted = python(
      `import sys, json
from packaging.version import Version
for line in sys.stdin:
    a, b = map(Version, json.loads(line))
    print(int(a > b) - int(a < b))`,
      pairs,
    );
    const found = pairs.map(([a, b]) => Math.sign(comparePythonVersions(a, b) ?? Number.NaN));
    for (const [index, pair] of pairs.entries())
      expect(found[index], pair.join(' ')).toBe(wanted[index]);
  });

  it('answer specifiers as the packaging library says, where a release is asked for', () => {
    const operator = fc.constantFrom('==', '!=', '<=', '>=', '<', '>', '~=');
    const specifier = fc
      .tuple(operator, fc.tuple(digits, digits), fc.boolean())
      .map(([sign, [a, b], star]) =>
        star && (sign === '==' || sign === '!=') ? `${sign}${a}.*` : `${sign}${a}.${b}`,
      );
    const cases = sample(
      fc.tuple(release, fc.array(specifier, { minLength: 1, maxLength: 3 }).map(String)),
      2000,
    );
    const wanted = python(
      `import sys, json
from packaging.specifiers import SpecifierSet
for line in sys.stdin:
    version, specifiers = json.loads(line)
    print(json.dumps(SpecifierSet(specifiers).contains(version)))`,
      cases,
    );
    for (const [index, [text, specifiers]] of cases.entries())
      expect(fitsPythonSpecifiers(text, specifiers), `${text} in ${specifiers}`).toBe(
        wanted[index],
      );
  });

  it('are left to pip where they are none', () => {
    expect(fitsPythonSpecifiers('1.0', '>=nonsense')).toBeUndefined();
    expect(fitsPythonSpecifiers('2.0+cu118', '==2.0')).toBe(true);
    expect(fitsPythonSpecifiers('2.0+cu118', '==2.0+cpu')).toBe(false);
  });
});

describe('what pip is asked for', () => {
  it('is put together again after commas of specifiers and extras split it', () => {
    const texts = parsePipWishes(
      ['django>=1.11.0', '<1.12', 'bottle>0.10', 'a[x', 'y]==1'],
      undefined,
    );
    expect(texts.map(({ text }) => text)).toEqual([
      'django>=1.11.0,<1.12',
      'bottle>0.10',
      'a[x,y]==1',
    ]);
  });

  it('is judged here by name and version, and by pip alone for extras, addresses and folders', () => {
    const installed = new Map([['my-package', '1.5']]);
    const judge = (text: string) =>
      isAnswered(parsePipWishes([text], undefined)[0] ?? fail(), installed);
    expect(judge('My_Package')).toBe(true);
    expect(judge('my.package (>=1,<2)')).toBe(true);
    expect(judge('my-package==1.4')).toBe(false);
    expect(judge('other')).toBe(false);
    for (const text of [
      'my-package[extra]',
      'git+https://example.org/x.git',
      './folder',
      'my-package; python_version < "3"',
    ])
      expect(judge(text), text).toBeUndefined();
  });
});

function fail(): never {
  throw new Error('nothing was read');
}

describe('versions of rpm packages', () => {
  const hasRpm = existsSync('/usr/bin/rpm');
  const inCi = process.env['CI'] === 'true';
  if (!hasRpm && !inCi) console.warn('SKIPPED, not tested: rpm');
  it.skipIf(!hasRpm && !inCi)('are ordered as rpm orders them', () => {
    const part = fc.constantFrom('1', '2', '10', '01', 'a', 'b', 'rc', '~', '^', '.', '_', '+');
    const version = fc
      .array(part, { minLength: 1, maxLength: 6 })
      .map((parts) => `1${parts.join('')}`);
    const pairs = sample(fc.tuple(version, version), 400);
    const calls = pairs.map(([a, b]) => `print(rpm.vercmp("${a}", "${b}") .. "\\n")`).join(' ');
    const done = spawnSync('rpm', ['--eval', `%{lua: ${calls}}`], { encoding: 'utf8' });
    const wanted = done.stdout.trim().split(/\s+/).map(Number);
    expect(wanted).toHaveLength(pairs.length);
    for (const [index, [a, b]] of pairs.entries())
      expect(Math.sign(compareRpmVersions(a, b)), `${a} ${b}`).toBe(wanted[index]);
  });
});

describe('patterns of names', () => {
  it("mean what they mean to Python's fnmatch", () => {
    const sign = fc.constantFrom(
      'a',
      'b',
      '*',
      '?',
      '[ab]',
      '[!a]',
      '[a-c]',
      '.',
      '+',
      '-',
      '[',
      '1',
    );
    const pattern = fc.array(sign, { maxLength: 6 }).map((signs) => signs.join(''));
    const name = fc
      .array(fc.constantFrom('a', 'b', 'c', '.', '+', '-', '1', '['), { maxLength: 6 })
      .map((signs) => signs.join(''));
    const cases = sample(fc.tuple(name, pattern), 3000);
    const wanted = python(
      `import sys, json, fnmatch
for line in sys.stdin:
    print(json.dumps(fnmatch.fnmatchcase(*json.loads(line))))`,
      cases,
    );
    for (const [index, [text, shape]] of cases.entries())
      expect(matchesPattern(text, shape), `${text} ${shape}`).toBe(wanted[index]);
  });
});

describe('what apt is asked for', () => {
  it('is read with its version and comparison', () => {
    expect(parseAptSpecs(['vim=2:9.0*', ' g++ ', 'foo>=1.0', 'libc6:i386', 'lib*-dev'])).toEqual({
      specs: [
        { text: 'vim=2:9.0*', name: 'vim', comparison: '=', version: '2:9.0*', isPattern: false },
        { text: 'g++', name: 'g++', comparison: '', version: '', isPattern: false },
        { text: 'foo>=1.0', name: 'foo', comparison: '>=', version: '1.0', isPattern: false },
        { text: 'libc6:i386', name: 'libc6:i386', comparison: '', version: '', isPattern: false },
        { text: 'lib*-dev', name: 'lib*-dev', comparison: '', version: '', isPattern: true },
      ],
    });
  });

  it.each(['', '-y', '--force', 'a b', '/etc', 'a;b', '$(x)', '^x'])(
    'is no package when its name is %j',
    (name) => {
      expect(parseAptSpecs([name])).toEqual({
        problem: `No package matching '${name}' is available`,
      });
    },
  );
});

describe('one-line sources', () => {
  it.each([
    [
      'deb http://dl.google.com/linux/chrome/deb/ stable main',
      'dl_google_com_linux_chrome_deb.list',
    ],
    [
      'deb [arch=amd64 signed-by=/x.gpg] https://me:secret@deb.example.org/debian stable main',
      'deb_example_org_debian.list',
    ],
    ['deb-src http://x/y ./', 'x_y.list'],
  ])('are kept in a file named after their address: %s', (source, name) => {
    expect(sourceFileName(source)).toBe(name);
  });

  it('have a type and an address', () => {
    expect(parseSource('deb  http://x/y   stable # mine')).toBe('deb http://x/y stable');
    for (const text of ['', 'rpm http://x', 'deb', '# deb http://x y'])
      expect(parseSource(text)).toBeUndefined();
  });

  it('are what they were after a source was added and removed again', () => {
    const line = fc.constantFrom(
      '',
      '# note',
      'deb http://a x y',
      '#deb http://b x y',
      'deb-src http://a x y # c',
      'odd words',
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const text = lines.map((item) => `${item}\n`).join('');
        const path = '/etc/apt/sources.list.d/a.list';
        const [added] = addSource([{ path, text }], 'deb http://new x', path);
        const after = added?.after ?? '';
        expect(after.startsWith(text.replace('#deb ', '# deb ').slice(0, 4))).toBe(true);
        expect(addSource([{ path, text: after }], 'deb http://new x', path)).toEqual([]);
        const [removed] = removeSource([{ path, text: after }], 'deb http://new x');
        expect(parseLines(removed?.after)).toEqual(parseLines(text));
      }),
    );
  });
});

const parseLines = (text: string | undefined) => (text ?? '').replaceAll('# deb', '#deb');

describe('deb822 sources', () => {
  it('are named and written as Ansible does', () => {
    expect(repositorySlug('Docker CE_x (stable)')).toBe('docker-ce-x-stable');
    expect(
      renderDeb822({
        name: 'a b',
        uris: ['x', 'y'],
        enabled: true,
        by_hash: undefined,
        signed_by: 'one\n\ntwo',
      }),
    ).toBe('Enabled: yes\nX-Repolib-Name: a b\nSigned-By:\n one\n .\n two\nURIs: x y\n');
  });
});

describe('GVariant texts', () => {
  it.each([
    ["'a'", '"a"', true],
    [`'it\\'s'`, `"it's"`, true],
    ["['a', 'b']", "['a','b']", true],
    ['@as []', '[]', true],
    ['0x10', '16', true],
    ['(1,)', '(1)', true],
    ['5', 'uint32 5', false],
    ['5', '5.0', false],
    ["'5'", '5', false],
    ["'a b'", "'ab'", false],
    ['true', 'false', false],
  ])('%s and %s are the same: %s', (a, b, same) => {
    expect(normalizeGVariant(a) === normalizeGVariant(b)).toBe(same);
  });
});

describe('locales', () => {
  it('are the same in either spelling of their character set', () => {
    expect(sameLocale('en_GB.UTF-8 UTF-8', 'en_GB.utf8')).toBe(true);
    expect(sameLocale('de_DE@euro ISO-8859-15', 'de_DE@euro')).toBe(true);
    expect(sameLocale('de_DE ISO-8859-1', 'de_DE.UTF-8')).toBe(false);
  });

  it('are uncommented, commented out or added, and other lines stay', () => {
    const text = '# This file lists locales.\n\n# de_DE.UTF-8 UTF-8\nen_GB.UTF-8 UTF-8\n';
    const supported = ['fr_FR.UTF-8 UTF-8'];
    expect(editLocaleGen(text, supported, ['de_DE.utf8', 'fr_FR.UTF-8'], true)).toBe(
      '# This file lists locales.\n\nde_DE.UTF-8 UTF-8\nen_GB.UTF-8 UTF-8\nfr_FR.UTF-8 UTF-8\n',
    );
    expect(editLocaleGen(text, supported, ['en_GB.UTF-8'], false)).toContain(
      '# en_GB.UTF-8 UTF-8\n',
    );
  });
});

describe("dnf's output", () => {
  const ran = (stdout: string, stderr = '') => ({
    exitCode: 1,
    stdout,
    stderr,
    stdoutBytes: new Uint8Array(),
    startedAt: 0,
    endedAt: 0,
  });

  it('tells what was done, and what would be', () => {
    expect(
      dnfResults(
        'Installed:\n  a-1-1.noarch   b-2-1.x86_64\n\nRemoved:\n  c-1-1.noarch\n\nComplete!\n',
      ),
    ).toEqual(['Installed: a-1-1.noarch', 'Installed: b-2-1.x86_64', 'Removed: c-1-1.noarch']);
    const table =
      'Installing:\n vim   x86_64   2:9.0-1.fc38   fedora   2 M\nInstalling dependencies:\n gpm   x86_64   1-1   fedora   1 k\n\nTransaction Summary\n';
    expect(dnfResults(table)).toEqual([
      'Installed: vim-9.0-1.fc38.x86_64',
      'Installed: gpm-1-1.x86_64',
    ]);
  });

  it.each([
    ['Waiting for process with pid 812 to finish.', 'dnf is locked: process 812 holds its lock'],
    [
      'Error: Transaction test error:\n  installing package a needs 5MB more space needed on the / filesystem',
      'the disk is full: installing package a needs 5MB more space needed on the / filesystem',
    ],
    [
      'Error: This command has to be run with superuser privileges (under the root user on most systems).',
      'dnf needs root (become: true): Error: This command has to be run with superuser privileges (under the root user on most systems).',
    ],
  ])('tells why it failed: %s', (text, reason) => {
    expect(dnfFailure(ran('', text))).toBe(reason);
  });
});
