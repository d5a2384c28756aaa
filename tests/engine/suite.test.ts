import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadEntries } from '../../src/cli/catalog.ts';
import { parseSuite } from '../../src/engine/suite.ts';
import type { AnyCheck } from '../../src/model/check.ts';
import { parseYaml } from '../../src/store/yaml.ts';

const root = join(import.meta.dirname, '..', '..');
const catalog = await loadEntries<AnyCheck>(join(root, 'src'), 'catalog/checks');
const folder = join(root, 'playbooks', 'suites');

function read(text: string, name = 'mine') {
  const { root: node, problems: syntax } = parseYaml(text, `${name}.yaml`);
  expect(syntax).toEqual([]);
  return parseSuite(node, name, catalog);
}

/** Problems as `line:column path: message (hint)`. */
function complaints(text: string): string[] {
  return read(text).problems.map(
    ({ line, column, path, message, hint }) => `${line}:${column} ${path}: ${message} (${hint})`,
  );
}

describe('a suite', () => {
  it('is read with the settings as they were written', () => {
    const { suite, problems } = read(
      'name: mine\ntitle: 我的检查\nchecks:\n  - reach\n  - disk-free: { failPercent: 5, paths: [/, /srv] }\n  - services:\n      running: [ssh]\n',
    );
    expect(problems).toEqual([]);
    expect(suite.title).toBe('我的检查');
    expect(suite.checks.map(({ name, settings }) => ({ name, settings: { ...settings } }))).toEqual(
      [
        { name: 'reach', settings: {} },
        { name: 'disk-free', settings: { failPercent: 5, paths: ['/', '/srv'] } },
        { name: 'services', settings: { running: ['ssh'] } },
      ],
    );
  });

  it('tells all that is wrong with it, each with its place', () => {
    const text =
      'name: other\ncheck: []\nchecks:\n  - reech\n  - disk-free: { failPercent: lots, warnPercnt: 3 }\n  - uptime\n  - uptime\n  - [a]\n  - temp: 5\n';
    expect(complaints(text)).toEqual([
      '1:7 name: "other" is not the file\'s name (write name: mine)',
      '2:1 check: unknown key "check" (a suite has name, title and checks)',
      '4:5 checks[0]: there is no check "reech" (did you mean "reach"?)',
      '5:31 checks[1].disk-free.failPercent: "failPercent" is not understood (write a number)',
      '5:37 checks[1].disk-free.warnPercnt: "disk-free" has no setting "warnPercnt" (did you mean "warnPercent"?)',
      '7:5 checks[3]: "uptime" is in the suite twice (remove one of them)',
      '8:5 checks[4]: not a check (write a name, or one name with its settings below it)',
      '9:11 checks[5].temp: settings must be a mapping (write name: value below it)',
    ]);
  });

  it('must be a mapping with a list of checks', () => {
    expect(complaints('- reach\n')[0]).toContain('a suite is a mapping');
    expect(complaints('checks: reach\n')[0]).toContain('"checks" must be a list');
    expect(complaints('title: nothing\n')[0]).toContain('the suite has no checks');
  });

  it('refuses a bad value wherever it stands, also out of bounds', () => {
    expect(complaints('checks:\n  - disk-free: { warnPercent: 500 }\n')[0]).toContain(
      'write a number from 0 to 100',
    );
    expect(complaints('checks:\n  - ip-mode: { policy: dhpc }\n')[0]).toContain(
      'write one of any, dhcp, manual',
    );
  });
});

describe('the suites that come with Labkit', () => {
  const names = readdirSync(folder).map((file) => file.replace('.yaml', ''));

  it.each(names)('%s has no problems', (name) => {
    const { suite, problems } = read(readFileSync(join(folder, `${name}.yaml`), 'utf8'), name);
    expect(problems).toEqual([]);
    expect(suite.title).not.toBe(name);
  });

  it('preterm has every check there is, but those that only an installation can answer', () => {
    const { suite } = read(readFileSync(join(folder, 'preterm.yaml'), 'utf8'), 'preterm');
    const installed = ['image-stamp', 'system-disk'];
    expect([...suite.checks.map(({ name }) => name), ...installed].sort()).toEqual(
      catalog.map(({ name }) => name).sort(),
    );
  });
});
