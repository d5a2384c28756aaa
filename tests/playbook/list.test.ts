import { expect, it } from 'vitest';
import { listPlaybook } from '../../src/playbook/list.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { diskRim } from '../helpers/load-rim.ts';

it('lists a play whose hosts are a mapping, beside the problem that they are none', async () => {
  const loaded = await loadPlaybook('site.yml', {
    ...diskRim(),
    readText: async () => '- hosts: {a: 1}\n  name: {b: [2]}\n',
  });
  expect(loaded.problems.length).toBeGreaterThan(0);
  expect(listPlaybook(loaded.playbook, { tags: [], skipTags: [] })).toMatchObject([
    { name: '{"b":[2]}', hosts: '{"a":1}' },
  ]);
});
