import { describe, expect, it } from 'vitest';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { requireChoice } from '../../src/playbook/require-choice.ts';
import { memoryRim } from '../helpers/load-rim.ts';

const plain = `
- hosts: all
  tags: lab
  tasks:
    - {name: Make users, ping: , tags: users}
    - block: [{ping: }]
      rescue: [{ping: , tags: mend}]
  handlers:
    - {name: h, ping: , tags: after}
`;

async function choose(text: string, choice: object): Promise<void> {
  const { playbook } = await loadPlaybook('/p/site.yml', memoryRim({ '/p/site.yml': text }));
  requireChoice(playbook, { tags: [], skipTags: [], ...choice });
}

describe('choosing tasks', () => {
  it.each(['lab', 'users', 'mend', 'after', 'all', 'tagged', 'never'])(
    'goes by the tag %s, which stands in the playbook or means something by itself',
    async (tag) => {
      await expect(choose(plain, { tags: [tag] })).resolves.toBeUndefined();
    },
  );

  it('refuses a tag that no task has, to choose or to leave out', async () => {
    const refused = { kind: 'usage', message: 'no task has the tag "usrs"' };
    const hint = 'did you mean "users"?';
    await expect(choose(plain, { tags: ['usrs'] })).rejects.toMatchObject({ ...refused, hint });
    await expect(choose(plain, { skipTags: ['usrs'] })).rejects.toMatchObject(refused);
  });

  it('does not judge tags where the run itself includes files', async () => {
    const open = '- hosts: all\n  tasks: [{include_tasks: "{{ x }}.yml"}]\n';
    await expect(choose(open, { tags: ['usrs'] })).resolves.toBeUndefined();
  });

  it('refuses to begin with a task that is not there', async () => {
    await expect(choose(plain, { startAtTask: 'Make *' })).resolves.toBeUndefined();
    await expect(choose(plain, { startAtTask: 'Make user' })).rejects.toMatchObject({
      kind: 'usage',
      message: 'no task is named "Make user"',
      hint: 'did you mean "Make users"?',
    });
  });
});
