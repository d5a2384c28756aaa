import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineModule, done } from '../../src/model/module.ts';
import type { Value } from '../../src/model/value.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { makeScope } from '../../src/playbook/make-scope.ts';
import { diskRim } from '../helpers/load-rim.ts';
import { hasTool } from '../inventory/ansible-tools.ts';
import { messagesOf, writeProject } from './ansible-playbook.ts';
import {
  makeTask,
  pairs,
  precedenceMemory,
  precedenceProject,
  varsAt,
} from './precedence-project.ts';

describe.skipIf(!hasTool('ansible-playbook'))('precedence beside ansible-playbook', () => {
  let folder = '';
  let inDependency: Value | undefined;
  let inRole: Value | undefined;
  let inPlay: Value | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-precedence-'));
    await writeProject(folder, precedenceProject);
    [inDependency, inRole, inPlay] = await messagesOf(folder, [
      '-i',
      'hosts.yml',
      '-e',
      '@extra.yml',
      'play.yml',
    ]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has the same winner for every two places a variable can be set in, in a task of a role', () => {
    const { run, host, play, own } = precedenceMemory();
    const task = makeTask([varsAt('block'), varsAt('task')], { role: own });
    const scope = makeScope({ run, host, play, task, local: varsAt('include_params') });
    expect(pairs.length).toBe(190);
    expect(winners((name) => scope.get(name))).toEqual(inRole);
  });

  it('has the same winner in a task of a dependency, which sees the variables of the role that needs it', () => {
    const { run, host, play, dep } = precedenceMemory();
    const task = makeTask([varsAt('block'), varsAt('task')], { role: dep });
    const scope = makeScope({ run, host, play, task, local: varsAt('include_params') });
    expect(winners((name) => scope.get(name))).toEqual(inDependency);
  });

  it('has the same winner in a task of the play, which sees defaults and vars of roles but not their parameters', () => {
    const { run, host, play } = precedenceMemory();
    const task = makeTask([varsAt('block'), varsAt('task')]);
    const scope = makeScope({ run, host, play, task, local: varsAt('include_params') });
    expect(winners((name) => scope.get(name))).toEqual(inPlay);
  });
});

describe.skipIf(!hasTool('ansible-playbook'))('precedence with what the loader reads', () => {
  it('is the same in tasks of the dependency, of the role and of the play', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-precedence-'));
    try {
      await writeProject(folder, precedenceProject);
      const theirs = await messagesOf(folder, ['-i', 'hosts.yml', '-e', '@extra.yml', 'play.yml']);
      expect(await lookThroughLoader(folder)).toEqual(theirs);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** What each task of `show.yml` sees, with roles, blocks and keywords as the loader gives them. */
async function lookThroughLoader(folder: string): Promise<Record<string, unknown>[]> {
  const rim = diskRim();
  const modules = new Map(rim.modules).set('give_facts', giveFacts);
  const loaded = await loadPlaybook(join(folder, 'play.yml'), { ...rim, modules });
  expect(loaded.problems).toEqual([]);
  const [play] = loaded.playbook.plays;
  if (play === undefined) throw new Error('there is no play');
  const { run, host, play: memory } = precedenceMemory();
  const known = { ...memory, play, roles: play.roles, playbookFolder: folder };
  const includes = play.sections.flatMap(({ entries }) =>
    entries.filter((entry) => entry.kind === 'task' && entry.does.kind === 'include_tasks'),
  );
  const seen: Record<string, unknown>[] = [];
  for (const include of includes) {
    if (include.kind !== 'task') continue;
    const { entries } = await loaded.loadInclude(include, { file: join(folder, 'show.yml') });
    const [block] = entries;
    const [task] = block?.kind === 'block' ? block.block : [];
    if (task?.kind !== 'task') throw new Error('there is no task to look from');
    const local = varsAt('include_params');
    const scope = makeScope({ run, host, play: known, task, local });
    seen.push(winners((name) => scope.get(name)));
  }
  return seen;
}

const giveFacts = defineModule({
  name: 'give_facts',
  collection: 'ansible.builtin',
  summary: 'Stands for a module that gives facts.',
  args: {},
  isLocal: true,
  inspect: () => done({ changed: false }),
});

function winners(get: (name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ name }) => [name, get(name) ?? '-']));
}
