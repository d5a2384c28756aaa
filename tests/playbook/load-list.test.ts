import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findStart } from '../../src/playbook/list.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { selectByTags } from '../../src/playbook/select-tags.ts';
import { memoryRim } from '../helpers/load-rim.ts';

interface Case {
  readonly own: readonly string[];
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/** Which tasks Ansible's own rule chooses. */
function askAnsible(cases: readonly Case[]): boolean[] {
  const program = `
import json, sys
from ansible.playbook.taggable import Taggable
class Tagged(Taggable):
    tags = []
    _loader = None
answers = []
for case in json.load(sys.stdin):
    task = Tagged()
    task.tags = case['own']
    answers.append(bool(task.evaluate_tags(case['only'] or ['all'], case['skip'], {})))
json.dump(answers, sys.stdout)
`;
  const input = JSON.stringify(cases);
  const printed = execFileSync('/usr/bin/python3', ['-c', program], { input, encoding: 'utf8' });
  return JSON.parse(printed) as boolean[];
}

describe('choosing tasks by tags', () => {
  it('is what Ansible chooses, for 2000 mixtures of own, wanted and skipped tags', () => {
    const tags = fc.uniqueArray(
      fc.constantFrom('a', 'b', 'always', 'never', 'all', 'tagged', 'untagged'),
      { maxLength: 3 },
    );
    const cases = fc.sample(fc.record({ own: tags, only: tags, skip: tags }), {
      numRuns: 2000,
      seed: 4,
    });
    const expected = askAnsible(cases);
    const wrong = cases.filter(
      ({ own, only, skip }, index) => selectByTags(own, only, skip) !== expected[index],
    );
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});

describe('starting at a task', () => {
  const files = {
    '/p/site.yml': `
- hosts: all
  roles: [r]
  tasks:
    - block:
        - ping:
      rescue:
        - name: "in rescue [1]"
          ping:
    - name: later
      ping:
`,
    '/p/roles/r/tasks/main.yml': '- name: in role\n  ping:\n',
  };

  it.each([
    ['later', 'site.yml:2>site.yml:10'],
    ['in role', 'site.yml:2>site.yml:3>roles/r/tasks/main.yml:1'],
    ['r : in role', 'site.yml:2>site.yml:3>roles/r/tasks/main.yml:1'],
    ['l?te*', 'site.yml:2>site.yml:10'],
    ['in rescue [1]', 'site.yml:2>site.yml:8'],
    ['in [rx]escue*', 'site.yml:2>site.yml:8'],
    ['in [!r]*', undefined],
    ['LATER', undefined],
    ['(', undefined],
  ])('finds %s', async (wanted, id) => {
    const { playbook } = await loadPlaybook('/p/site.yml', memoryRim(files));
    expect(findStart(playbook, wanted)).toBe(id);
  });
});
