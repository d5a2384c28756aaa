import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playProject, tableOf, writeProject } from '../../helpers/play-rig.ts';
import { distinctHosts, scriptedWorkers } from '../../helpers/scripted-workers.ts';

const tasks = [
  '- ping: {data: "d{{ n }}"}\n  register: r1',
  '- ping: {data: "{{ r1.ping | default(\'none\') }}"}\n  register: r2',
  '- set_fact: {f: "{{ f | default(\'\') }}{{ n }}"}',
  "- debug: {msg: \"{{ f | default('no') }} {{ r2.ping | default('none') }}\"}",
  "- debug: {msg: \"{{ hostvars['a'].f | default('no') }} {{ hostvars['c'].r1.ping | default('none') }}\"}",
  '- debug: {msg: "{{ ansible_play_hosts }}"}',
  '- ping: {data: fails}\n  when: n == 2',
  '- ping:\n  when: r1 is changed\n  notify: handler',
  '- ping: {data: "{{ item }}"}\n  loop: [x, y]\n  register: r1\n  notify: other',
  '- ping: {data: "{{ inventory_hostname }}"}\n  run_once: true\n  register: r2',
  '- block:\n    - ping: {data: fails}\n      when: n == 1\n    - set_fact: {f: block}\n  rescue:\n    - set_fact: {f: rescue}',
  '- meta: flush_handlers',
  '- fail: {msg: "no"}\n  when: r1.ping is defined and n == 1\n  ignore_errors: true\n  register: r2',
];

const indented = (task: string): string => task.replaceAll(/^/gm, '    ');

async function outcomeOf(chosen: readonly string[], hosts: { 'inventory.yaml': string }) {
  const { openWorker } = scriptedWorkers(async ({ host, args }) => {
    // hosts come to their ends in another order than they began
    for (let turn = host.charCodeAt(0) % 3; turn >= 0; turn--) await Promise.resolve();
    const failed = args['data'] === 'fails';
    return { changed: !failed, failed, values: { ping: `${host} ${String(args['data'])}` } };
  });
  const site = `- hosts: all
  gather_facts: false
  handlers:
    - {name: handler, ping: {data: handler}}
    - {name: other, ping: {data: other}}
  tasks:
${chosen.map(indented).join('\n')}
    - debug: {msg: end}
`;
  const project = writeProject({ ...hosts, 'site.yaml': site });
  try {
    const { totals, events } = await playProject(project.folder, { openWorker });
    const results = events.flatMap((event) =>
      event.type === 'task.finished'
        ? [`${event.task} ${event.host} ${event.item ?? ''} ${JSON.stringify(event.result)}`]
        : [],
    );
    const shown = JSON.stringify([tableOf(events), totals.stats, results.toSorted()]);
    return shown.replaceAll(project.folder, '');
  } finally {
    project.remove();
  }
}

describe('going ahead alone', () => {
  it('comes to what lock step comes to, whatever the tasks', { timeout: 60_000 }, async () => {
    const apart = distinctHosts('a', 'b', 'c');
    // one and the same machine: every task waits for all hosts
    const together = {
      'inventory.yaml': apart['inventory.yaml']?.replaceAll(/10\.0\.0\.\d/g, '10.0.0.1') ?? '',
    };
    const chosen = fc.array(fc.constantFrom(...tasks), {
      minLength: 2,
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(chosen, async (list) => {
        const alone = await outcomeOf(list, { 'inventory.yaml': apart['inventory.yaml'] ?? '' });
        expect(alone).toBe(await outcomeOf(list, together));
      }),
      { numRuns: 60 },
    );
  });
});
