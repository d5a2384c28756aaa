import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlayVars } from '../../../src/model/play-value.ts';
import { comparePlay, type PlayRecord } from '../../helpers/compare-play.ts';

const folder = join(import.meta.dirname, '../../fixtures/plays');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace(/\.yaml$/, ''));

describe('a playbook comes to the same by ansible-playbook and by our interpreter', () => {
  it('has playbooks to compare', () => {
    expect(names.length).toBeGreaterThanOrEqual(25);
  });

  it.each(names)('%s', { timeout: 120_000 }, async (name) => {
    const text = readFileSync(join(folder, `${name}.yaml`), 'utf8');
    const isBarred = text.includes('\n# needs: root\n') && process.getuid?.() !== 0;
    expect(isBarred, 'this playbook becomes other users: run the tests as root').toBe(false);
    const flags = /^# flags: (.*)$/m.exec(text)?.[1]?.split(' ') ?? [];
    const project = { 'site.yaml': text, ...filesBelow(join(folder, name)) };
    const { ansible, lab } = await comparePlay(project, { flags, setting: settingOf(flags) });
    expect(ansible.rows.length).toBeGreaterThan(0);
    // tasks come in any order under the free strategy; and while some hosts are still at their handlers and others are not,
    // Ansible's json callback shows the handlers' results below the task that others have come to
    const isLoose = text.includes('\n# names: loose\n');
    const inOrder = (record: PlayRecord): PlayRecord => {
      const rows = isLoose ? record.rows.map((row) => row.replace(/^.*? \| /, '')) : record.rows;
      return {
        ...record,
        rows: isLoose || text.includes('strategy: free') ? rows.toSorted() : rows,
      };
    };
    expect(inOrder(lab)).toEqual(inOrder(ansible));
  });
});

function settingOf(flags: readonly string[]) {
  const given = (flag: string): string | undefined =>
    flags.includes(flag) ? flags[flags.indexOf(flag) + 1] : undefined;
  const listed = (flag: string): readonly string[] => given(flag)?.split(',') ?? [];
  const tags = listed('--tags');
  const startAtTask = given('--start-at-task');
  return {
    extraVars: JSON.parse(given('-e') ?? '{}') as PlayVars,
    ...(startAtTask !== undefined && { rim: { startAtTask } }),
    checkMode: flags.includes('--check'),
    ...(tags.length > 0 && { tags }),
    skipTags: listed('--skip-tags'),
  };
}

function filesBelow(below: string): { readonly [path: string]: string } {
  if (!existsSync(below)) return {};
  const found = readdirSync(below, { recursive: true }).map(String);
  const files = found.filter((path) => statSync(join(below, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(below, path), 'utf8')]));
}
