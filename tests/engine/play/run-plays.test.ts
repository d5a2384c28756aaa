import { afterEach, describe, expect, it } from 'vitest';
import { makeMemoryJournal } from '../../../src/engine/play/journal.ts';
import { Unreachable } from '../../../src/model/connection.ts';
import type { RunEventBody } from '../../../src/model/event.ts';
import { LabError } from '../../../src/model/lab-error.ts';
import {
  type Played,
  type PlaySetting,
  type Project,
  playProject,
  tableOf,
  writeProject,
} from '../../helpers/play-rig.ts';
import { distinctHosts, scriptedWorkers } from '../../helpers/scripted-workers.ts';

const removals: (() => void)[] = [];
afterEach(() => {
  for (const remove of removals.splice(0)) remove();
});

function play(tasks: string, setting: PlaySetting = {}, more: Project = {}): Promise<Played> {
  const project = writeProject({ ...distinctHosts('a', 'b', 'c'), 'site.yaml': tasks, ...more });
  removals.push(project.remove);
  return playProject(project.folder, setting);
}

const onAll = (tasks: string, keywords = ''): string =>
  `- hosts: all\n  gather_facts: false\n${keywords}  tasks:\n${tasks}`;

const lost = () => {
  throw new Unreachable('reset', 'the connection was lost', 'look at the cable');
};

describe('hosts go ahead alone where a playbook cannot see it', () => {
  it('does not wait for a slow host between tasks', async () => {
    const slow = Promise.withResolvers<void>();
    const { openWorker } = scriptedWorkers(async ({ host, args }) => {
      if (host === 'a' && args['data'] === 'one') await slow.promise;
      if (host === 'c' && args['data'] === 'three') slow.resolve();
      return { changed: false };
    });
    const tasks = ['one', 'two', 'three'].map((data) => `    - ping: {data: ${data}}\n`).join('');
    const { totals, events } = await play(onAll(tasks), { openWorker });
    expect(totals.exitCode).toBe(0);
    expect(tableOf(events)).toEqual([
      'ping: a ok, b ok, c ok',
      'ping: a ok, b ok, c ok',
      'ping: a ok, b ok, c ok',
    ]);
    const rowsOfA = events.filter((event) => event.type === 'task.finished' && event.host === 'a');
    expect(rowsOfA.map((row) => (row.type === 'task.finished' ? row.task : ''))).toEqual(
      events.flatMap((event) => (event.type === 'task.started' ? [event.task] : [])),
    );
  });

  it.each([
    [
      'a task looks at what others registered',
      '    - ping: {data: one}\n      register: seen\n    - ping: {data: "{{ hostvars[\'a\'].seen.ping }}"}\n',
      '',
    ],
    [
      'it does so through a variable of the play',
      '    - ping: {data: one}\n      register: seen\n    - ping: {data: "{{ of_a }}"}\n',
      '  vars: {of_a: "{{ hostvars[\'a\'].seen.ping }}"}\n',
    ],
    [
      'a task asks who is still in the play',
      '    - ping: {data: one}\n    - ping: {data: "{{ ansible_play_hosts | length }}"}\n',
      '',
    ],
    [
      'errors are fatal for all',
      '    - ping: {data: one}\n    - ping: {data: two}\n',
      '  any_errors_fatal: true\n',
    ],
    [
      'a budget of failures is set',
      '    - ping: {data: one}\n    - ping: {data: two}\n',
      '  max_fail_percentage: 50\n',
    ],
    [
      'a task is done once for all',
      '    - ping: {data: one}\n    - ping: {data: two}\n      run_once: true\n',
      '',
    ],
  ])('waits for all hosts where %s', async (_, tasks, keywords) => {
    const { openWorker, asked } = scriptedWorkers(({ args }) => ({
      changed: false,
      values: { ping: String(args['data']) },
    }));
    await play(onAll(tasks, keywords), { openWorker });
    const first = asked.slice(0, 3);
    expect(first.map(({ host }) => host).toSorted()).toEqual(['a', 'b', 'c']);
    for (const one of first) expect(one.ahead).toEqual([]);
  });

  it('waits for all hosts where some are one and the same machine', async () => {
    const { openWorker, asked } = scriptedWorkers();
    const hosts = 'all: {hosts: {a: {ansible_host: 10.0.0.1}, b: {ansible_host: 10.0.0.1}}}\n';
    await play(
      onAll('    - ping: {data: one}\n    - ping: {data: two}\n'),
      { openWorker },
      { 'inventory.yaml': hosts },
    );
    expect(asked.map(({ host, args }) => `${host} ${String(args['data'])}`)).toEqual([
      'a one',
      'b one',
      'a two',
      'b two',
    ]);
  });

  it('tells a worker what comes next, but nothing that depends on an unfinished task', async () => {
    const { openWorker, asked } = scriptedWorkers(() => ({
      changed: false,
      values: { stat: { exists: true } },
    }));
    const tasks = [
      '    - ping:',
      '    - stat: {path: /x}',
      '      register: found',
      '    - debug: {msg: nothing to do}',
      '    - file: {path: "/{{ item }}", state: touch}',
      '      loop: [p, q]',
      '    - file: {path: /y, state: absent}',
      '      when: found.stat.exists',
      '    - ping:',
    ].join('\n');
    const { totals } = await play(onAll(`${tasks}\n`), { openWorker });
    expect(totals.exitCode).toBe(0);
    const ofA = asked.filter(({ host }) => host === 'a');
    expect(ofA.map(({ module, ahead }) => [module, ...ahead])).toEqual([
      ['ping', 'stat', 'file', 'file'],
      ['stat', 'file', 'file'],
      ['file', 'file', 'file', 'ping'],
      ['file', 'file', 'ping'],
      ['file', 'ping'],
      ['ping'],
    ]);
  });
});

describe('a host that is lost', () => {
  it('is unreachable with its reason, runs no handlers, and the others go on', async () => {
    const { openWorker } = scriptedWorkers(({ host, args }) =>
      host === 'b' && args['data'] === 'two' ? lost() : { changed: true },
    );
    const text = onAll(
      '    - ping: {data: one}\n      notify: later\n    - ping: {data: two}\n    - ping: {data: three}\n',
      '  handlers:\n    - name: later\n      ping:\n',
    );
    const { totals, events } = await play(text, { openWorker });
    expect(tableOf(events)).toEqual([
      'ping: a changed, b changed, c changed',
      'ping: a changed, b unreachable, c changed',
      'ping: a changed, c changed',
      'later: a changed, c changed',
    ]);
    expect(events).toContainEqual({
      type: 'host.unreachable',
      host: 'b',
      reason: 'reset',
      message: 'the connection was lost',
      hint: 'look at the cable',
    });
    expect(totals).toMatchObject({ exitCode: 4, totals: { changed: 2, unreachable: 1 } });
  });

  it('counts in the budget of failures, unlike in Ansible', async () => {
    const { openWorker } = scriptedWorkers(({ host }) =>
      host === 'b' ? lost() : { changed: false },
    );
    const text = onAll('    - ping:\n    - ping:\n', '  max_fail_percentage: 30\n');
    const { totals, events } = await play(text, { openWorker });
    expect(tableOf(events)).toEqual(['ping: a ok, b unreachable, c ok']);
    expect(totals.stopped).toBe('1 of 3 hosts failed or were lost, more than 30 %');
  });

  it('ends the playbook when no host of the batch is left', async () => {
    const { openWorker } = scriptedWorkers(lost);
    const { totals, events } = await play(`${onAll('    - ping:\n')}${onAll('    - debug:\n')}`, {
      openWorker,
    });
    expect(events.filter(({ type }) => type === 'play.started')).toHaveLength(1);
    expect(totals).toMatchObject({ exitCode: 4, stopped: 'no host of the batch is left' });
  });

  it('is not rescued, and its always is not run', async () => {
    const { openWorker } = scriptedWorkers(({ host }) =>
      host === 'b' ? lost() : { changed: false },
    );
    const text = onAll(
      '    - block: [ping: ]\n      rescue: [debug: {msg: rescue}]\n      always: [debug: {msg: always}]\n'.replace(
        '[ping: ]',
        '\n        - ping:',
      ),
    );
    const { events } = await play(text, { openWorker });
    expect(tableOf(events)).toEqual(['ping: a ok, b unreachable, c ok', 'debug: a ok, c ok']);
  });
});

describe('any_errors_fatal', () => {
  it('stops the others also where the block of the failed host has an always, unlike in Ansible', async () => {
    const { openWorker } = scriptedWorkers(({ host }) =>
      host === 'b' ? { changed: false, failed: true } : { changed: false },
    );
    const text = onAll(
      [
        '    - block:',
        '        - ping:',
        '          any_errors_fatal: true',
        '        - debug: {msg: not reached}',
        '      always:',
        '        - debug: {msg: always}',
        '    - debug: {msg: not reached either}',
        '',
      ].join('\n'),
    );
    const { events, totals } = await play(text, { openWorker });
    expect(tableOf(events)).toEqual(['ping: a ok, b failed, c ok', 'debug: b ok']);
    expect(totals.exitCode).toBe(2);
  });
});

describe('a run that is stopped', () => {
  it('begins no further task after the first Ctrl-C, and what runs comes to its end', async () => {
    const stop = new AbortController();
    const { openWorker, asked } = scriptedWorkers(({ host }) => {
      if (host === 'b') stop.abort();
      return { changed: true };
    });
    const tasks = onAll('    - ping:\n    - ping:\n');
    const { totals, events } = await play(tasks, {
      openWorker,
      rim: { stop: stop.signal, forks: 1 },
    });
    expect(asked.map(({ host }) => host)).toEqual(['a', 'a', 'b']);
    expect(events.filter(({ type }) => type === 'task.finished')).toHaveLength(3);
    expect(totals.outcome).toBe('cancelled');
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', outcome: 'cancelled' });
  });

  it('reports what the second Ctrl-C ended as cancelled', async () => {
    const abort = new AbortController();
    const { openWorker } = scriptedWorkers(() => {
      abort.abort();
      throw new Unreachable('reset', 'closed');
    });
    const { events, totals } = await play(onAll('    - ping:\n'), {
      openWorker,
      rim: { signal: abort.signal, forks: 1 },
    });
    expect(tableOf(events)).toEqual(['ping: a cancelled']);
    expect(totals.outcome).toBe('cancelled');
  });

  it('begins nothing more when events cannot be kept, and says so', async () => {
    const { openWorker, asked } = scriptedWorkers();
    const emit = (event: RunEventBody) => {
      if (event.type === 'task.finished') throw new Error('no space left');
    };
    await expect(
      play(onAll('    - ping:\n    - ping:\n'), { openWorker, rim: { emit, forks: 1 } }),
    ).rejects.toThrow('no space left');
    expect(asked).toHaveLength(1);
  });
});

describe('a run that is taken up again', () => {
  const tasks = onAll(
    [
      '    - ping: {data: one}',
      '      register: first',
      '      notify: later',
      '    - file: {path: "/{{ item }}", state: touch}',
      '      loop: [p, q]',
      '    - ping: {data: "{{ first.ping }}"}',
      '',
    ].join('\n'),
    '  handlers:\n    - name: later\n      ping: {data: handler}\n',
  );
  const answering = (stopAt?: { after: number; stop: AbortController }) => {
    let count = 0;
    return scriptedWorkers(({ args }) => {
      if (++count === stopAt?.after) stopAt.stop.abort();
      return { changed: true, values: { ping: `said ${String(args['data'])}` } };
    });
  };

  it.each([1, 2, 4, 7, 10, 12])(
    'redoes only what is unfinished when it was cut off after %i calls',
    async (after) => {
      const journal = makeMemoryJournal();
      const stop = new AbortController();
      const first = answering({ after, stop });
      await play(tasks, { openWorker: first.openWorker, journal, rim: { stop: stop.signal } });
      const second = answering();
      const again = await play(tasks, {
        openWorker: second.openWorker,
        journal: makeMemoryJournal(new Map(journal.kept)),
      });
      const undisturbed = answering();
      const whole = await play(tasks, { openWorker: undisturbed.openWorker });
      const calls = (list: typeof first.asked) =>
        list
          .map(({ host, module, args }) => `${host} ${module} ${JSON.stringify(args)}`)
          .toSorted();
      expect(calls([...first.asked, ...second.asked])).toEqual(calls(undisturbed.asked));
      expect(again.totals.stats).toEqual(whole.totals.stats);
      expect(tableOf(again.events)).toEqual(tableOf(whole.events));
      const replayed = again.events.filter(
        (event) => event.type === 'task.finished' && event.replayed,
      );
      expect(replayed.length).toBeGreaterThan(0);
    },
  );

  it.each([
    ['redo', 'changed', 1],
    ['skip', 'skipped', 0],
    ['fail', 'failed', 0],
  ] as const)('asks about a command in doubt: %s', async (answer, outcome, calls) => {
    const text = onAll('    - command: reboot-something\n').replace('all', 'a');
    const journal = makeMemoryJournal();
    const cut = scriptedWorkers(() => lost());
    await play(text, { openWorker: cut.openWorker, journal });
    const { openWorker, asked } = scriptedWorkers(() => ({ changed: true }));
    const { events } = await play(text, {
      openWorker,
      journal,
      rim: { askInDoubt: async () => answer },
    });
    expect(tableOf(events)).toEqual([`command: a ${outcome}`]);
    expect(asked).toHaveLength(calls);
  });
});

describe('waves', () => {
  const waves = { sizes: [1, 2], maxFailed: 0 };

  it('go one after the other, with the suite asked between them', async () => {
    const { openWorker } = scriptedWorkers();
    const judged: string[] = [];
    const judgeSuite = async (suite: string, hosts: readonly { name: string }[]) => {
      judged.push(`${suite} ${hosts.map(({ name }) => name).join()}`);
      return { passed: true, reason: '' };
    };
    const { events } = await play(onAll('    - ping:\n'), {
      openWorker,
      rim: { waves: { ...waves, suite: 'ready' }, judgeSuite },
    });
    expect(tableOf(events)).toEqual(['ping: a ok', 'ping: b ok, c ok']);
    expect(judged).toEqual(['ready a']);
  });

  it.each([
    ['the suite does not pass', { suite: 'ready' }, 'the suite ready did not pass: a is slow'],
    ['only the canary was asked for', { canaryOnly: true }, 'only the canary was asked for'],
  ])('stop where %s', async (_, more, reason) => {
    const { openWorker } = scriptedWorkers();
    const judgeSuite = async () => ({ passed: false, reason: 'a is slow' });
    const { events, totals } = await play(onAll('    - ping:\n'), {
      openWorker,
      rim: { waves: { ...waves, ...more }, judgeSuite },
    });
    expect(tableOf(events)).toEqual(['ping: a ok']);
    expect(totals.stopped).toBe(`wave 1: ${reason}`);
  });

  it('stop when more hosts failed or were lost than allowed, by rings of the play', async () => {
    const { openWorker } = scriptedWorkers(({ host }) =>
      host === 'b' ? lost() : { changed: false },
    );
    const rings = '  rings: {waves: [2, 1], max_failed: 0}\n';
    const { events, totals } = await play(onAll('    - ping:\n', rings), { openWorker });
    expect(tableOf(events)).toEqual(['ping: a ok, b unreachable']);
    expect(totals.stopped).toBe(
      'wave 1: 1 hosts failed or were lost in the waves so far, 0 allowed',
    );
  });
});

describe('before any host is touched', () => {
  it('a pattern that means nobody is refused, also of a later play', async () => {
    const { openWorker, asked } = scriptedWorkers();
    const text = `${onAll('    - ping:\n')}${onAll('    - ping:\n').replace('all', 'nowhere')}`;
    await expect(play(text, { openWorker })).rejects.toMatchObject({ kind: 'usage' });
    expect(asked).toEqual([]);
  });

  it('a host that another run has locked fails, and the others go on', async () => {
    const { openWorker } = scriptedWorkers();
    const lock = async ({ name }: { name: string }) => {
      if (name === 'b') throw new LabError('refused', 'the host is locked by somebody');
      return { [Symbol.asyncDispose]: async () => {} };
    };
    const { events, totals } = await play(onAll('    - ping:\n'), { openWorker, rim: { lock } });
    expect(tableOf(events)).toEqual(['Lock: b failed', 'ping: a ok, c ok']);
    expect(totals.exitCode).toBe(2);
  });
});

describe('a way into a host that keywords change', () => {
  it('is one session for all tasks, which still know what comes next', async () => {
    const opened: string[] = [];
    const { openWorker, asked } = scriptedWorkers();
    const tasks = onAll(
      '    - ping: {data: one}\n    - ping: {data: two}\n',
      '  remote_user: tech\n',
    );
    await play(tasks, {
      openWorker: (host) => {
        opened.push(`${host.name} ${host.connection.user}`);
        return openWorker(host);
      },
    });
    expect(opened.toSorted()).toEqual(['a tech', 'b tech', 'c tech']);
    expect(asked.filter(({ ahead }) => ahead.length === 1)).toHaveLength(3);
  });

  it('is not used for the calls of another way', async () => {
    const { openWorker, asked } = scriptedWorkers();
    const tasks = '    - ping:\n    - ping:\n      vars: {ansible_user: other}\n    - ping:\n';
    await play(onAll(tasks), { openWorker });
    expect(asked.every(({ ahead }) => ahead.length === 0)).toBe(true);
    expect(asked).toHaveLength(9);
  });
});

describe('a play', () => {
  it('is passed by where the group its hosts were to join stayed empty', async () => {
    const { openWorker } = scriptedWorkers();
    const text = `${onAll('    - group_by: {key: made}\n      when: n > 5\n')}${onAll('    - ping:\n').replace('all', 'made')}${onAll('    - debug:\n')}`;
    const { events, totals } = await play(text, { openWorker });
    expect(tableOf(events)).toEqual([
      'group_by: a skipped, b skipped, c skipped',
      'debug: a ok, b ok, c ok',
    ]);
    expect(totals.exitCode).toBe(0);
  });

  it('that cannot begin ends the run, and what was done is reported', async () => {
    const { openWorker } = scriptedWorkers();
    const events: RunEventBody[] = [];
    const emit = (event: RunEventBody) => void events.push(event);
    const text = `${onAll('    - ping:\n    - set_fact: {x: 1}\n')}${onAll('    - ping:\n', '  vars_files: ["{{ \'gone\' }}.yaml"]\n')}`;
    await expect(play(text, { openWorker, rim: { emit } })).rejects.toMatchObject({
      kind: 'input',
    });
    expect(events.at(-1)).toMatchObject({ type: 'run.finished' });
  });
});

describe('what is shown', () => {
  it('has no secrets of the run, of arguments and of hidden tasks in it', async () => {
    const { openWorker } = scriptedWorkers(({ args }) => ({
      changed: true,
      msg: `said hunter2 and ${String(args['password'])}`,
      changes: [`set hunter2 and ${String(args['password'])}`],
    }));
    const text = onAll(
      [
        '    - user: {name: u, password: "pa55 word"}',
        '    - debug: {msg: "hunter2 {{ item }}"}',
        '      loop: [hunter2]',
        '    - ping:',
        '      no_log: true',
        "    - name: Named {{ 'hunter' ~ 2 }}",
        '      ping:',
        '',
      ].join('\n'),
      "  name: Also {{ 'hunter' ~ 2 }}\n",
    );
    const { events } = await play(text, { openWorker, rim: { secrets: () => ['hunter2'] } });
    const shown = JSON.stringify(events);
    expect(shown).not.toContain('hunter2');
    expect(shown).not.toContain('pa55');
    expect(events.filter((event) => event.type === 'task.finished').length).toBeGreaterThan(6);
  });
});
