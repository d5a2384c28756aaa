import { describe, expect, it } from 'vitest';
import { type AnyCheck, defineCheck } from '../../src/model/check.ts';
import type { Host } from '../../src/model/host.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { number } from '../../src/model/options.ts';
import type { Value } from '../../src/model/value.ts';
import { scriptedConnect } from '../helpers/fake-connections.ts';
import { makeHost } from '../helpers/make-host.ts';
import { runChecks, tellingCheck } from '../helpers/run-checks.ts';

/** Tells the limit that is in force. */
const limited: AnyCheck = defineCheck({
  name: 'limited',
  summary: 'Tells its limit.',
  options: { limit: number(1, 'the limit', { min: 0 }), other: number(7, 'another') },
  probe: { linux: ({ limit }) => ({ shell: 'sh', script: `echo ${limit}`, shown: '' }) },
  judge: (_output, { limit, other }) => ({ verdict: 'pass', found: `${limit} ${other}` }),
});

/** Hosts that answer every probe with the host's own text. */
function answers(texts: Record<string, string>) {
  return scriptedConnect((host) => ({
    stdout: `\nmark0123456789 b 0\n${texts[host.name]}\nmark0123456789 e 0 0\n`,
  })).connect;
}

function roomHost(name: string, room: string): Host {
  const at = { file: 'inventory.yaml', line: 1, column: 1 };
  const empty = {
    title: '',
    kind: '',
    maintainer: '',
    subnet: '',
    gateway: '',
    vlan: '',
    columns: 0,
    lessons: null,
  };
  return makeHost(name, { room: { name: room, ...empty, at } });
}

describe('settings of checks', () => {
  const suite = { name: 's', title: 's', checks: [{ name: 'limited', settings: { limit: 2 } }] };
  const withVar = (name: string, checks: Value, line = 3) =>
    makeHost(name, {
      vars: { checks },
      originOf: () => ({ file: 'inventory.yaml', line, column: 5 }),
    });

  it('come from the suite, and the variable `checks` of a host wins over them', async () => {
    const hosts = [makeHost('pc1'), withVar('pc2', { limited: { limit: 3 } })];
    const { results, problems } = await runChecks(hosts, [limited], answers({ pc1: '', pc2: '' }), {
      suite,
    });
    expect(problems).toEqual([]);
    expect(results.get('pc1 limited')?.judgement?.found).toBe('2 7');
    expect(results.get('pc2 limited')?.judgement?.found).toBe('3 7');
  });

  it('that are wrong are problems with their place, once for all hosts that share them', async () => {
    const bad = { limited: { limit: 'much', limt: 1 }, limitd: {} };
    const hosts = [
      withVar('pc1', bad),
      withVar('pc2', bad),
      withVar('pc3', 'no', 9),
      withVar('pc4', { limited: 5 }, 12),
    ];
    const { problems } = await runChecks(hosts, [limited], answers({}), { suite });
    expect(
      problems.map(({ rule, line, path, message, hint }) => [rule, line, path, message, hint]),
    ).toEqual([
      [
        'bad-check-setting',
        3,
        'checks.limited.limit',
        '"limit" is not understood',
        'write a number',
      ],
      [
        'bad-check-setting',
        3,
        'checks.limited.limt',
        '"limited" has no setting "limt"',
        'did you mean "limit"?',
      ],
      [
        'bad-check-setting',
        3,
        'checks.limitd',
        'there is no check "limitd"',
        'did you mean "limited"?',
      ],
      [
        'bad-check-setting',
        9,
        'checks',
        '"checks" must be a mapping',
        'write checks: { disk-free: { warnPercent: 10 } }',
      ],
      [
        'bad-check-setting',
        12,
        'checks.limited',
        'settings must be a mapping',
        'write name: value below it',
      ],
    ]);
  });

  it('are narrowed by --only, which refuses what the suite does not have', async () => {
    const checks = [limited, tellingCheck('one', ':'), tellingCheck('two', ':')];
    const { results } = await runChecks([makeHost('pc1')], checks, answers({}), { only: ['two'] });
    expect([...results.keys()]).toEqual(['pc1 two']);
    const ask = (only: string[]) =>
      runChecks([makeHost('pc1')], checks, answers({}), { only, suite });
    await expect(ask(['limitd'])).rejects.toThrow(LabError);
    await expect(ask(['limitd'])).rejects.toMatchObject({
      kind: 'usage',
      hint: 'did you mean "limited"?',
    });
    await expect(ask(['two'])).rejects.toMatchObject({
      hint: 'choose another suite with --suite, or add it there',
    });
  });
});

describe('the baseline of a room', () => {
  const names = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3'];
  const hosts = names.map((name) => roomHost(name, name.startsWith('a') ? 'lab_a' : 'lab_b'));
  const texts = { a1: '16', a2: '16', a3: '16', a4: '8', b1: '8', b2: '8', b3: '8' };

  it('warns of the odd one out, and of nobody in a room that is all alike', async () => {
    const { results } = await runChecks(hosts, [tellingCheck('ram', ':')], answers(texts), {
      baseline: 'majority',
    });
    const warned = [...results].filter(([, { judgement }]) => judgement?.verdict === 'warn');
    expect(warned.map(([name]) => name)).toEqual(['a4 ram']);
    expect(warned[0]?.[1].judgement).toMatchObject({
      expected: '16',
      hint: 'unlike 3 of 4 PCs in the room',
    });
    expect(warned[0]?.[1].revised).toBe(true);
  });

  it('is only looked at when asked for', async () => {
    const { events } = await runChecks(hosts, [tellingCheck('ram', ':')], answers(texts));
    expect(events.filter((event) => event.type === 'step.finished' && event.revised)).toEqual([]);
  });

  it('says nothing where there is no majority', async () => {
    const split = { ...texts, a3: '8' };
    const { results } = await runChecks(hosts, [tellingCheck('ram', ':')], answers(split), {
      baseline: 'majority',
    });
    expect([...results.values()].every(({ judgement }) => judgement?.verdict === 'pass')).toBe(
      true,
    );
  });

  it('leaves a host that failed or could not tell as it is', async () => {
    const judge: AnyCheck['judge'] = ({ stdout }) =>
      stdout === '8'
        ? { verdict: 'fail', found: 'too little', key: stdout }
        : stdout === ''
          ? { verdict: 'unknown', found: 'none' }
          : { verdict: 'pass', found: stdout, key: stdout };
    const { results } = await runChecks(
      hosts,
      [tellingCheck('ram', ':', { judge })],
      answers({ ...texts, a3: '', b1: '' }),
      { baseline: 'majority' },
    );
    expect(results.get('a4 ram')?.judgement?.found).toBe('too little');
    expect(results.get('a3 ram')?.judgement?.verdict).toBe('unknown');
  });
});

it('a check that compares hosts revises their verdicts at the end', async () => {
  const compare: AnyCheck['compare'] = (rows) =>
    new Map(
      rows
        .filter(({ judgement }) => judgement.found.startsWith('same'))
        .map(({ host }) => [host.name, { verdict: 'fail' as const, found: 'shared' }]),
    );
  const hosts = ['pc1', 'pc2', 'pc3'].map((name) => makeHost(name));
  const { results } = await runChecks(
    hosts,
    [tellingCheck('clone', ':', { compare })],
    answers({ pc1: 'same', pc2: 'own', pc3: 'same' }),
  );
  expect(['pc1', 'pc2', 'pc3'].map((name) => results.get(`${name} clone`)?.outcome)).toEqual([
    'failed',
    'ok',
    'failed',
  ]);
});
