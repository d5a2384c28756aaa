import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFacts } from '../../src/engine/plan-facts.ts';
import { runPlan } from '../../src/engine/run-plan.ts';
import type { Connect } from '../../src/model/connection.ts';
import type { RunEventBody } from '../../src/model/event.ts';
import type { Value, Vars } from '../../src/model/value.ts';
import { scriptedConnect } from '../helpers/fake-connections.ts';
import { makeHost, makeHosts } from '../helpers/make-host.ts';
import { shellConnect } from '../helpers/shell-connect.ts';

async function gather(connect: Connect, hosts = makeHosts(1)) {
  const plan = planFacts({ hosts, forks: 64, marker: 'mark0123456789' });
  const events: RunEventBody[] = [];
  const { signal } = new AbortController();
  const rim = { connect, now: () => performance.now(), signal, stop: signal, graceMs: 50 };
  const totals = await runPlan(plan, { ...rim, emit: (event) => events.push(event) });
  const finished = events.filter((event) => event.type === 'step.finished');
  return { facts: totals.facts.get(hosts[0]?.name ?? '') as Vars, bugs: totals.bugs, finished };
}

/** What changes between two looks, or is another thing for another program: it is not compared. */
const volatile = new RegExp(
  [
    '^ansible_(?:uptime_seconds|loadavg|memfree_mb|swapfree_mb|memory_mb|cmdline)\\b',
    '^ansible_date_time\\.(?:epoch|epoch_int|time|hour|minute|second|iso8601)',
    '^ansible_mounts\\..*(?:available|used)$',
    '^ansible_env\\.',
  ].join('|'),
);

/** Every single value by its dotted way; lists of mounts by mount point, lists without an order sorted. */
function leaves(value: Value, path: string): [string, string][] {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item === 'object' && item !== null && 'mount' in item))
      return value.flatMap((item) => leaves(item as Value, `${path}.${(item as Vars)['mount']}`));
    const unordered = /_interfaces$|_tech_|\.ipv6$|all_ipv6/.test(path);
    return [
      [path, JSON.stringify(unordered ? value.map((item) => JSON.stringify(item)).sort() : value)],
    ];
  }
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

const hasAnsible = spawnSync('ansible', ['--version']).status === 0;

describe('facts', () => {
  it.skipIf(!hasAnsible)(
    'equal those of Ansible on this machine (skipped where ansible-core is not installed)',
    async () => {
      const { stdout } = spawnSync('ansible', ['localhost', '-m', 'setup'], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      const theirs = new Map(
        Object.entries(JSON.parse(stdout.slice(stdout.indexOf('{'))).ansible_facts as Vars).flatMap(
          ([name, value]) => leaves(value, name),
        ),
      );
      const { facts } = await gather(shellConnect().connect);
      const ours = Object.entries(facts).flatMap(([name, value]) => leaves(value, name));
      const shared = ours.filter(([path]) => theirs.has(path) && !volatile.test(path));
      const different = shared
        .filter(([path, value]) => theirs.get(path) !== value)
        .map(([path, value]) => `${path}: ${value}, Ansible: ${theirs.get(path)}`);
      expect(different).toEqual([]);
      expect(shared.length).toBeGreaterThan(120);
      expect(
        ours.filter(([path]) => !theirs.has(path) && !volatile.test(path)).map(([path]) => path),
      ).toEqual([]);
    },
  );

  it.skipIf(!hasAnsible)('that change all the time are near those of Ansible', async () => {
    const { stdout } = spawnSync('ansible', ['localhost', '-m', 'setup'], { encoding: 'utf8' });
    const theirs = JSON.parse(stdout.slice(stdout.indexOf('{'))).ansible_facts as Record<
      string,
      never
    >;
    const { facts } = await gather(shellConnect().connect);
    expect(
      Math.abs(Number(facts['ansible_uptime_seconds']) - Number(theirs['ansible_uptime_seconds'])),
    ).toBeLessThan(60);
    const epoch = (of: Record<string, Value>) => Number((of['ansible_date_time'] as Vars)['epoch']);
    expect(Math.abs(epoch(facts as Record<string, Value>) - epoch(theirs))).toBeLessThan(60);
    expect(facts['ansible_memtotal_mb']).toBe(theirs['ansible_memtotal_mb']);
  });

  it('take one round trip and need no Python', async () => {
    const { connect, asked } = shellConnect();
    const { facts, finished } = await gather(connect);
    expect(asked.length).toBe(1);
    expect(asked[0]?.command.script).not.toContain('python');
    expect(facts['ansible_hostname']).toBe(
      spawnSync('uname', ['-n'], { encoding: 'utf8' }).stdout.trim().split('.')[0],
    );
    expect(finished[0]).toMatchObject({
      outcome: 'ok',
      data: { facts: { ansible_kernel: facts['ansible_kernel'] } },
    });
    expect(finished[0]).not.toHaveProperty('facts');
  });

  it('tell the environment of the login, not of our script', async () => {
    const { connect } = shellConnect({ env: { LC_ALL: 'zh_CN.UTF-8', GREETING: 'two\nlines' } });
    const { facts } = await gather(connect);
    expect(facts['ansible_env']).toMatchObject({ LC_ALL: 'zh_CN.UTF-8', GREETING: 'two\nlines' });
  });

  it('leave the environment out of the events, because it may hold passwords', async () => {
    const { connect } = shellConnect({ env: { http_proxy: 'http://lab:s3cret@proxy:3128' } });
    const { finished } = await gather(connect);
    expect(JSON.stringify(finished)).not.toContain('s3cret');
  });

  it('are asked as root where the host asks for become', async () => {
    const host = makeHost('pc1');
    const { connect, asked } = shellConnect();
    await gather(connect, [
      { ...host, connection: { ...host.connection, become: true, becomeUser: 'admin' } },
    ]);
    expect(asked[0]?.options.becomeUser).toBe('admin');
  });

  it('of a host that does not answer fail and say what it said', async () => {
    const { connect } = scriptedConnect(() => ({
      stderr: 'This account is currently not available.\n',
      exitCode: 1,
    }));
    const { finished, facts } = await gather(connect);
    expect(facts).toBeUndefined();
    expect(finished[0]).toMatchObject({
      outcome: 'failed',
      message:
        'the PC did not answer the questions (exit code 1): This account is currently not available.',
    });
  });

  it('of a Windows PC are skipped, with the reason', async () => {
    const host = makeHost('w1');
    const { finished } = await gather(shellConnect().connect, [
      { ...host, connection: { ...host.connection, shellType: 'powershell' } },
    ]);
    expect(finished[0]).toMatchObject({ outcome: 'skipped' });
    expect(finished[0]?.message).toContain('Windows');
  });
});

describe('what a host makes up', () => {
  const file = (path: string, content: string) => `\n==> ${path} <==\n${content}\n`;
  const answer = (files: string) => ({
    stdout: `\nmark0123456789 b 1\n${file('/proc/sys/kernel/osrelease', '6.1.0')}${files}\nmark0123456789 e 1 0\n`,
  });

  it('is data: a key such as __proto__ is only a key', async () => {
    const { connect } = scriptedConnect(() =>
      answer(
        file('/proc/cmdline', '__proto__=x constructor=y') +
          file('/sys/class/net/__proto__/mtu', '1500'),
      ),
    );
    const { facts, bugs } = await gather(connect);
    expect(bugs).toEqual([]);
    expect(Object.entries(facts['ansible_cmdline'] as Vars)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('never breaks the reading', async () => {
    const paths = [
      '/etc/os-release',
      '/proc/cpuinfo',
      '/proc/meminfo',
      '/proc/mounts',
      '/etc/hosts',
      '/sys/block/sda/size',
      '/sys/class/net/eth0/flags',
      '/etc/passwd',
      '/proc/self/mountinfo',
    ];
    const files = fc.array(
      fc.tuple(fc.constantFrom(...paths), fc.string({ unit: 'binary', maxLength: 200 })),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(files, fc.string({ maxLength: 200 }), async (list, rest) => {
        const sections = [0, 2, 3, 4]
          .map((id) => `\nmark0123456789 b ${id}\n${rest}\nmark0123456789 e ${id} 0\n`)
          .join('');
        const { connect } = scriptedConnect(() => ({
          stdout:
            answer(list.map(([path, content]) => file(path, content)).join('')).stdout + sections,
        }));
        const { bugs, facts } = await gather(connect);
        expect(bugs).toEqual([]);
        expect(facts['ansible_kernel']).toBe('6.1.0');
      }),
      { numRuns: 200 },
    );
  });
});

describe('the distribution', () => {
  const systems: [string, string, Record<string, string>, Record<string, string>][] = [
    [
      'Ubuntu',
      '/etc/os-release',
      {
        text: 'NAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian',
      },
      { name: 'Ubuntu', version: '22.04', release: 'jammy', family: 'Debian' },
    ],
    [
      'UOS',
      '/etc/os-release',
      {
        text: 'PRETTY_NAME="UnionTech OS Desktop 20 Pro"\nNAME="uos"\nVERSION_ID="20"\nVERSION="20"\nID=uos\nVERSION_CODENAME=eagle',
      },
      { name: 'Uos', version: '20', release: 'eagle', family: 'Debian' },
    ],
    [
      'openEuler',
      '/etc/os-release',
      { text: 'NAME="openEuler"\nVERSION="22.03 (LTS-SP1)"\nID="openEuler"\nVERSION_ID="22.03"' },
      { name: 'openEuler', version: '22.03', release: 'LTS-SP1', family: 'RedHat' },
    ],
    [
      'Kylin server',
      '/etc/os-release',
      {
        text: 'NAME="Kylin Linux Advanced Server"\nVERSION="V10 (Sword)"\nID="kylin"\nVERSION_ID="V10"',
      },
      { name: 'Kylin Linux Advanced Server', version: 'V10', release: 'Sword', family: 'RedHat' },
    ],
    [
      'Rocky',
      '/etc/redhat-release',
      { text: 'Rocky Linux release 9.3 (Blue Onyx)' },
      { name: 'Rocky', version: 'NA', release: 'NA', family: 'RedHat' },
    ],
  ];

  it.each(systems)(
    'of %s is told in the words of Ansible',
    async (_title, path, { text }, expected) => {
      const stdout = `\nmark0123456789 b 1\n==> /proc/sys/kernel/osrelease <==\n6.1\n\n==> ${path} <==\n${text}\n\nmark0123456789 e 1 0\n`;
      const { facts } = await gather(scriptedConnect(() => ({ stdout })).connect);
      expect({
        name: facts['ansible_distribution'],
        version: facts['ansible_distribution_version'],
        release: facts['ansible_distribution_release'],
        family: facts['ansible_os_family'],
      }).toEqual(expected);
    },
  );
});
