import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import setup from '../../src/catalog/modules/setup.ts';
import type { Ask, Call, HostModule, ModuleResult, Ran } from '../../src/model/module.ts';
import type { Value, Vars } from '../../src/model/value.ts';
import { hasTool } from '../inventory/ansible-tools.ts';

const run = promisify(execFile);
const plain = {
  gather_subset: ['all'],
  filter: [],
  fact_path: '/nowhere',
  gather_timeout: 10,
  names: undefined,
};
type Args = Partial<Record<keyof typeof plain, unknown>>;

function planOf(args: Args): Ask {
  const call = { nonce: '0a1b2c' } as Call;
  return (setup as unknown as HostModule).inspect({ ...plain, ...args }, call) as Ask;
}

function scriptOf(plan: Ask): string {
  const probe = plan.probes['answer'];
  return probe?.kind === 'script' ? probe.command.script : '';
}

/** Runs the script in a real shell of this machine. */
function gather(args: Args, shell: readonly string[] = ['sh']): ModuleResult {
  const plan = planOf(args);
  const [program = '', ...words] = shell;
  const { stdout, stderr, status } = spawnSync(program, [...words, '-c', scriptOf(plan)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/root', GREETING: 'two\nlines' },
  });
  const answer = { stdout, stderr, exitCode: status ?? 1 } as Ran;
  const planned = plan.plan({ answer } as never);
  if (planned.kind !== 'done') throw new Error('setup did not come to an end');
  return planned.result;
}

const factsOf = (args: Args): Vars => gather(args).facts ?? {};

async function askAnsible(words: string): Promise<Record<string, Value>> {
  const { stdout } = await run(
    'ansible',
    ['localhost', '-c', 'local', '-m', 'setup', '-a', words],
    {
      env: { ...process.env, ANSIBLE_LOCALHOST_WARNING: '0' },
      maxBuffer: 64 * 1024 ** 2,
    },
  );
  const { ansible_facts: facts } = JSON.parse(stdout.slice(stdout.indexOf('{')));
  return Object.fromEntries(
    Object.entries(facts as Vars).map(([name, value]) => [
      name === 'ansible_local' ? name : name.replace(/^ansible_/, ''),
      value,
    ]),
  );
}

/** What needs Python or more tools, and is not gathered. */
const without = /^(?:python.*|selinux_python_present|device_links|discovered_.*)$/;

describe('setup', () => {
  it('gathers only the topics of the variables a play may look at', () => {
    const names = ['ansible_distribution', 'ansible_host', 'item', 'ansible_facts', 'groups'];
    expect(
      Object.keys(factsOf({ names })).filter((name) => !name.startsWith('distribution')),
    ).toEqual(['os_family', 'gather_subset', 'module_setup']);
    const script = scriptOf(planOf({ names }));
    expect(script).toContain('/etc/os-release');
    for (const word of ['uname', 'ip addr', 'stat -f', '/proc/meminfo', 'environ'])
      expect(script).not.toContain(word);
  });

  it('looks at the network for a name that may be a card', () => {
    expect(factsOf({ names: ['ansible_lo'] })['lo']).toMatchObject({ device: 'lo' });
  });

  it('gathers nothing for a play that looks at no facts, and still hears the host', () => {
    expect(factsOf({ names: ['item'] })).toEqual({ gather_subset: ['all'], module_setup: true });
    const silent = { stdout: '', stderr: 'no shell', exitCode: 1 } as Ran;
    expect(planOf({ names: ['item'] }).plan({ answer: silent } as never)).toMatchObject({
      result: { failed: true },
    });
  });

  it('refuses a subset it does not know, as Ansible does', () => {
    expect(planOf({ gather_subset: ['nonsense'] })).toMatchObject({
      kind: 'done',
      result: { failed: true, msg: "Bad subset 'nonsense' given to Ansible" },
    });
  });

  it('keeps an environment with line ends apart', () => {
    expect(factsOf({})['env']).toMatchObject({ GREETING: 'two\nlines', HOME: '/root' });
  });

  const shells = [['dash'], ['bash'], ['busybox', 'sh']].filter(
    ([program = '']) => spawnSync(program, ['-c', ':']).error === undefined,
  );
  it.each(shells.map((shell) => [shell]))('says the same through %s', (shell) => {
    const wanted = { gather_subset: ['!all', 'interfaces', 'virtual'] };
    const steady = ({ date_time: _, env: __, ...facts }: Vars) => facts;
    const one = steady(factsOf(wanted));
    const other = steady(gather(wanted, shell).facts ?? {});
    expect(other).toEqual(one);
    expect(shells.length).toBeGreaterThan(1);
  });
});

describe.skipIf(!hasTool('ansible'))('setup beside Ansible on this machine', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-facts-'));
    const files = {
      'json.fact': '{"room": "a", "seats": [1, 2]}',
      'ini.fact': '[General]\nRoom = A 1\n; note\nkey: value=x\n[other]\nempty =\n',
      'run.fact': '#!/bin/sh\necho \'{"here": "\'"$(cd / && pwd)"\'"}\'\n',
      'fails.fact': '#!/bin/sh\nexit 3\n',
      'broken.fact': 'neither\n',
      'ignored.txt': '{}',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    for (const name of ['run.fact', 'fails.fact']) chmodSync(join(folder, name), 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the same for at least 60 facts', async () => {
    const theirs = await askAnsible('');
    const ours = factsOf({ fact_path: '/etc/ansible/facts.d' });
    const canon = (value: unknown) => JSON.stringify(sorted(value));
    const equal = Object.keys(theirs).filter((name) => canon(theirs[name]) === canon(ours[name]));
    expect(equal.length, equal.join(' ')).toBeGreaterThanOrEqual(60);
    const missing = Object.keys(theirs).filter((name) => !(name in ours) && !without.test(name));
    expect(missing).toEqual([]);
  });

  it.each([
    'min',
    '!all',
    '!all,!min',
    '!all,!min,env',
    '!all,!min,network',
    '!all,hardware',
    '!hardware',
    'virtual,!min',
    '!all,!min,service_mgr',
  ])('gathers the same facts for gather_subset=%s', async (words) => {
    const theirs = Object.keys(await askAnsible(`gather_subset=${words}`));
    const ours = Object.keys(factsOf({ gather_subset: words.split(',') }));
    expect(ours.sort()).toEqual(theirs.filter((name) => !without.test(name)).sort());
  });

  it.each(['ansible_dist*', 'env', '*_mb', 'ansible_mounts', 'nothing'])(
    'lets the same facts through for filter=%s',
    async (filter) => {
      const theirs = Object.keys(await askAnsible(`filter=${filter}`));
      const ours = Object.keys(factsOf({ filter: [filter] }));
      expect(ours.sort()).toEqual(theirs.sort());
    },
  );

  it('reads the facts of the site in the same way', async () => {
    const { ansible_local: theirs } = await askAnsible(`fact_path=${folder}`);
    const { ansible_local: ours } = factsOf({ fact_path: folder });
    const spoken = (facts: Value | undefined) =>
      Object.entries(facts as Vars)
        .map(([name, value]) => {
          const text = typeof value === 'string' ? value : JSON.stringify(sorted(value));
          return `${name}: ${text.replace(/^(Failure|error loading).*/s, '$1')}`;
        })
        .sort();
    expect(spoken(ours)).toEqual(spoken(theirs));
    expect(spoken(ours)).toHaveLength(5);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
