import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/model/host.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { text } from '../../src/model/options.ts';
import { type AnyProfile, defineProfile } from '../../src/model/profile.ts';
import { parseSiteProfile } from '../../src/netboot/parse-site-profile.ts';
import { chooseProfile, type ProfileShelf } from '../../src/netboot/select-profile.ts';
import { parseYaml } from '../../src/store/yaml.ts';
import { makeHost } from '../helpers/make-host.ts';

const entry = (name: string): AnyProfile =>
  defineProfile<{ mirror: string }>({
    name,
    summary: 'A profile.',
    kind: 'installer',
    family: 'linux',
    firmwares: ['bios'],
    secureBoot: false,
    options: { mirror: text('http://deb', 'the mirror') },
    assets: () => [{ name: 'linux', sources: [], sha256: '' }],
    boot: () => ({ kernel: 'linux', initrds: [], args: [] }),
    minutes: 1,
    notes: ['none'],
  });
const entries = [entry('debian-12'), entry('ubuntu-24.04')];

function read(name: string, yaml: string) {
  const file = `playbooks/profiles/${name}.yaml`;
  const reading = { file, name, folder: '/site/playbooks/profiles', entries };
  return parseSiteProfile(parseYaml(yaml, file).root, reading);
}

function makeShelf(files: { readonly [name: string]: string }): ProfileShelf {
  const site = Object.entries(files).map(([name, yaml]) => {
    const { profile, problems } = read(name, yaml);
    expect(problems).toEqual([]);
    if (profile === undefined) throw new Error('no profile');
    return profile;
  });
  return { entries, site, pins: new Map(), images: [] };
}

const at = (line: number) => ({ file: 'inventories/school.yaml', line, column: 9 });
const room = {
  name: 'lab_a',
  title: '',
  kind: '',
  maintainer: '',
  subnet: '',
  gateway: '',
  vlan: '',
  columns: 0,
  lessons: null,
  at: at(3),
};
const a07 = makeHost('a07', { room, model: 'OptiPlex 7090 Tower', class: 'student' });

function refusal(act: () => unknown): LabError {
  try {
    act();
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the profile of a host', () => {
  const shelf = makeShelf({
    exam: 'base: debian-12\noptions: { mirror: http://m }\nplaybook: exam.yml\nfor:\n  - room: lab_a\n',
    tower: 'base: ubuntu-24.04\nfor:\n  - { room: lab_a, model: optiplex*TOWER }\n',
  });

  it('is the one of --profile before all else', () => {
    const host = { ...a07, profile: 'exam' };
    expect(chooseProfile(shelf, host, 'debian-12')).toMatchObject({
      name: 'debian-12',
      origin: '--profile',
      options: { mirror: 'http://deb' },
      playbook: '',
    });
  });

  it('is the one the inventory names before any rule, with the place where it stands', () => {
    const host: Host = { ...a07, profile: 'exam', originOf: () => at(31) };
    expect(chooseProfile(shelf, host)).toMatchObject({
      name: 'exam',
      origin: 'profile: exam, inventories/school.yaml:31:9',
      options: { mirror: 'http://m' },
      playbook: 'exam.yml',
    });
  });

  it('is the one whose rule has the most selectors, and the origin is that rule', () => {
    expect(chooseProfile(shelf, a07)).toMatchObject({
      name: 'tower',
      origin: 'for: {room: lab_a, model: optiplex*TOWER}, playbooks/profiles/tower.yaml:3:5',
    });
    expect(chooseProfile(shelf, { ...a07, model: 'Tower' })?.name).toBe('exam');
  });

  it('is none when nothing names one', () => {
    expect(chooseProfile(shelf, makeHost('b01'))).toBeUndefined();
  });

  it('is a question to a person when two rules fit equally well: both places are named', () => {
    const torn = makeShelf({
      one: 'base: debian-12\nfor:\n  - room: lab_a\n',
      two: 'base: debian-12\nfor:\n  - class: [teacher, student]\n',
    });
    const error = refusal(() => chooseProfile(torn, a07));
    expect(error.kind).toBe('input');
    expect(error.message).toContain('playbooks/profiles/one.yaml:3:5');
    expect(error.message).toContain('playbooks/profiles/two.yaml:3:5');
    expect(error.problems.map(({ file }) => file)).toEqual([
      'playbooks/profiles/one.yaml',
      'playbooks/profiles/two.yaml',
    ]);
  });

  it('is no question when two rules of the same profile fit', () => {
    const both = makeShelf({ one: 'base: debian-12\nfor:\n  - room: lab_a\n  - class: student\n' });
    expect(chooseProfile(both, a07)?.name).toBe('one');
  });

  it('is refused where its name is unknown, with the one that was meant', () => {
    const flag = refusal(() => chooseProfile(shelf, a07, 'debain-12'));
    expect([flag.kind, flag.hint]).toEqual(['usage', 'did you mean "debian-12"?']);
    const host: Host = { ...a07, profile: 'exams', originOf: () => at(31) };
    const variable = refusal(() => chooseProfile(shelf, host));
    expect(variable.problems).toMatchObject([{ line: 31, hint: 'did you mean "exam"?' }]);
  });

  it('never depends on the order of the files', () => {
    const rule = fc.subarray(['host: a07', 'room: lab_a', 'class: student', 'model: "*"'], {
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), (rules) => {
        const files = rules.map(
          (one, index) =>
            [`p${index}`, `base: debian-12\nfor:\n  - {${one.join(', ')}}\n`] as const,
        );
        const outcome = (list: typeof files) => {
          try {
            return chooseProfile(makeShelf(Object.fromEntries(list)), a07)?.name;
          } catch {
            return 'tie';
          }
        };
        const most = Math.max(...rules.map(({ length }) => length));
        const best = rules.filter(({ length }) => length === most).length;
        const expected = best > 1 ? 'tie' : `p${rules.findIndex(({ length }) => length === most)}`;
        expect(outcome(files)).toBe(expected);
        expect(outcome(files.toReversed())).toBe(expected);
      }),
    );
  });
});

describe('a pin of the site', () => {
  const sha256 = 'a'.repeat(64);

  it('says what an asset must be, and is looked for before all other sources', () => {
    const shelf = makeShelf({
      own: `base: debian-12\nassets:\n  linux: { sha256: ${sha256}, file: ../linux, url: http://m/linux }\n`,
    });
    const chosen = chooseProfile(shelf, a07, 'own');
    expect(chosen?.profile.assets(chosen.options)).toEqual([
      {
        name: 'linux',
        sha256,
        sources: [
          { from: 'file', path: '/site/playbooks/linux' },
          { from: 'url', url: 'http://m/linux' },
        ],
      },
    ]);
  });

  it('that `assets add` made counts for the profile it was made for, after the one that is written', () => {
    const made = { asset: 'linux', sha256: 'b'.repeat(64), url: '', path: '' };
    const shelf = {
      ...makeShelf({ own: `base: debian-12\nassets: { linux: { sha256: ${sha256} } }\n` }),
      pins: new Map([['debian-12', [made]]]),
    };
    const digest = (name: string) => {
      const chosen = chooseProfile(shelf, a07, name);
      return chosen?.profile.assets(chosen.options)[0]?.sha256;
    };
    expect(digest('debian-12')).toBe(made.sha256);
    expect(digest('own')).toBe(sha256);
    expect(digest('ubuntu-24.04')).toBe('');
  });
});

describe('a profile of the site', () => {
  it('has all its problems told at once, each with its place', () => {
    const yaml = [
      'name: other',
      'base: debian-12',
      'colour: red',
      'options: { miror: http://m, mirror: [1] }',
      'playbook: [a]',
      'assets:',
      '  linx: { sha256: x }',
      '  linux: { sha256: x, url: ftp://m }',
      'for:',
      '  - { rom: lab_a }',
      '  - {}',
      '  - { room: [] }',
    ].join('\n');
    const { profile, problems } = read('exam', yaml);
    expect(profile).toBeUndefined();
    const lines = problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
    expect(lines.sort()).toMatchInlineSnapshot(`
      [
        "10:7 hosts cannot be selected by "rom"",
        "11:5 a rule says which hosts it is for",
        "12:13 "room" is not understood",
        "1:1 "other" is not the file's name",
        "3:1 unknown key "colour"",
        "4:12 debian-12 has no setting "miror"",
        "4:37 "mirror" is not understood",
        "5:11 "playbook" must be a text",
        "7:3 debian-12 needs no asset "linx"",
        "8:10 "ftp://m" is no address to fetch from",
        "8:10 "linux" is pinned by no SHA-256",
      ]
    `);
    expect(problems.find(({ path }) => path === 'options.miror')?.hint).toBe(
      'did you mean "mirror"?',
    );
  });

  it('names a base that exists', () => {
    expect(read('exam', 'options: {}').problems).toMatchObject([{ path: 'base', line: 1 }]);
    expect(read('exam', 'base: debian-21').problems).toMatchObject([
      { path: 'base', hint: 'did you mean "debian-12"?', column: 7 },
    ]);
    expect(read('exam', '- base').problems).toHaveLength(1);
    expect(read('exam', '').problems).toMatchObject([{ file: 'playbooks/profiles/exam.yaml' }]);
  });
});
