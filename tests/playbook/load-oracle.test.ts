import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listPlaybook } from '../../src/playbook/list.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { diskRim } from '../helpers/load-rim.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'playbooks', 'valid');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .sort();

/** What real Ansible lists, by playbook; tags of a play come in no order, so they are sorted. */
function askAnsible(choice: readonly string[]): Map<string, string> {
  const printed = execFileSync(
    'ansible-playbook',
    ['-i', 'a,b,localhost', '--list-tasks', ...choice, ...files],
    { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const parts = printed.split(/^playbook: /m).slice(1);
  return new Map(parts.map((part) => [part.split('\n', 1)[0] ?? '', tidy(part)]));
}

function tidy(part: string): string {
  return part
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '' && line.trim() !== 'tasks:')
    .map((line) =>
      line.startsWith('  play #')
        ? line.replace(/\[(.*)\]$/, (_, tags: string) => `[${tags.split(',').sort().join(',')}]`)
        : line,
    )
    .join('\n');
}

/** Ansible renders the pattern of hosts with the variables it has. */
function renderHosts(hosts: string): string {
  return hosts.replace("{{ target | default('all') }}", 'all');
}

async function list(file: string, tags: string[], skipTags: string[]): Promise<string> {
  const { playbook } = await loadPlaybook(join(folder, file), diskRim());
  return listPlaybook(playbook, { tags, skipTags })
    .flatMap((play) => [
      `  play #${play.index} (${renderHosts(play.hosts)}): ${play.name}\tTAGS: [${[...play.tags].sort().join(',')}]`,
      ...play.tasks.map((task) => `      ${task.name}\tTAGS: [${task.tags.join(', ')}]`),
    ])
    .join('\n');
}

describe('loading beside real Ansible', () => {
  it.each(files)('accepts %s, which ansible-playbook accepts', async (file) => {
    const { problems } = await loadPlaybook(join(folder, file), diskRim());
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  });

  it('has at least 40 playbooks to be judged by', () => {
    expect(files.length).toBeGreaterThanOrEqual(40);
  });

  it.each([
    { tags: [], skipTags: [] },
    { tags: ['t1', 'packages', 'imp'], skipTags: ['own'] },
    { tags: ['tagged'], skipTags: ['d'] },
    { tags: ['all'], skipTags: ['always'] },
    { tags: ['never', 'd'], skipTags: [] },
    { tags: ['b'], skipTags: ['all'] },
  ])('lists the tasks and tags that Ansible lists for %o', async ({ tags, skipTags }) => {
    const expected = askAnsible([
      ...tags.flatMap((tag) => ['--tags', tag]),
      ...skipTags.flatMap((tag) => ['--skip-tags', tag]),
    ]);
    expect(expected.size).toBe(files.length);
    for (const file of files)
      expect(`${file}\n${await list(file, tags, skipTags)}`).toBe(`${file}\n${expected.get(file)}`);
  });
});
