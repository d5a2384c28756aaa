import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Value } from '../../src/model/value.ts';
import { makeScope } from '../../src/playbook/make-scope.ts';
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

function winners(get: (name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ name }) => [name, get(name) ?? '-']));
}
