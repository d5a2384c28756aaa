import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import shell from '../../src/catalog/modules/shell.ts';
import { sh } from '../../src/model/command.ts';
import { Unreachable } from '../../src/model/connection.ts';
import { defineModule, done, type HostModule, type Ran } from '../../src/model/module.ts';
import { createConnect } from '../../src/transport/connect.ts';
import { openModuleRig } from '../helpers/run-module.ts';
import { hostAt, never, settingsIn } from '../transport/rig.ts';
import {
  childrenOf,
  kill,
  type Sshd,
  startSshd,
  tester,
  testerPassword,
} from '../transport/sshd.ts';

let asking: Sshd;
beforeAll(async () => {
  asking = await startSshd({
    sudoers: `Defaults env_reset, lecture=always, use_pty\n${tester} ALL=(ALL) ALL\n`,
  });
});
afterAll(() => asking.stop());

/** A worker over a real sshd. */
function rigOn(
  sshd: Sshd,
  more: { password?: string; backend?: string; user?: string; worker?: object } = {},
) {
  const secrets = { ...settingsIn('').secrets, becomePassword: async () => more.password };
  const backend = (more.backend ?? 'ssh2') as 'ssh2';
  const { connect, close } = createConnect(settingsIn(sshd.folder, { secrets, backend }));
  const host = hostAt(sshd, 'pc01', { user: more.user ?? tester });
  const rig = openModuleRig(() => connect(host, never), { host, ...more.worker });
  return {
    ...rig,
    async close() {
      await rig.close();
      await close();
    },
  };
}

const line = (args: string, becomeUser?: string, environment = {}) => ({
  module: shell,
  args,
  environment,
  ...(becomeUser !== undefined && { becomeUser }),
});
const stdoutOf = ({ values, msg }: { values?: object; msg?: string }) =>
  values && 'stdout' in values ? values.stdout : msg;

describe.each(['ssh2', 'openssh'])('a worker over %s', (backend) => {
  it('works as the login and, by sudo with a password, as others, in a shell each', async () => {
    const rig = rigOn(asking, { password: testerPassword, backend });
    const results = await rig.runAll([
      line('id -un; cat'),
      line('id -un; cat; echo err >&2; echo ~', 'root'),
      line('id -un'),
      line('id -un; pwd', 'root'),
    ]);
    await rig.close();
    expect(results.map(stdoutOf)).toEqual([
      tester,
      `root\n${asking.folder}/home/root`,
      tester,
      `root\n${asking.folder}/home/${tester}`,
    ]);
    expect(results[1]?.values?.['stderr']).toBe('err');
  });

  it('fails the task with sudo’s reason after one wrong password', async () => {
    const rig = rigOn(asking, { password: 'not-the-password-42', backend });
    const results = [
      await rig.run(line('id', 'root')),
      await rig.run(line('id', 'root')),
      await rig.run(line('id -un')),
    ];
    await rig.close();
    expect(results[0]).toMatchObject({
      failed: true,
      msg: expect.stringMatching(/could not become root: .*password/),
    });
    expect(results[1]).toEqual(results[0]);
    expect(JSON.stringify(results)).not.toContain('not-the-password');
    expect(stdoutOf(results[2] ?? {})).toBe(tester);
  });

  it('throws Unreachable with the reason when the session is lost in the middle of a call', async () => {
    const rig = rigOn(asking, { backend });
    const begun = join(asking.folder, 'home', tester, `begun-${backend}`);
    const work = rig.run(line(`touch '${begun}'; sleep 60`)).catch((error: unknown) => error);
    while (!existsSync(begun)) await wait(20);
    for (const pid of childrenOf(asking.pid)) kill(pid);
    const error = await work;
    expect(error).toBeInstanceOf(Unreachable);
    expect(error).toMatchObject({ reason: 'reset' });
    await rig.close();
  });

  it('ends what runs when the run is stopped', async () => {
    const stop = new AbortController();
    const rig = rigOn(asking, { backend, worker: { signal: stop.signal } });
    const begun = join(asking.folder, 'home', tester, `stopped-${backend}`);
    const work = rig.run(line(`touch '${begun}'; exec sleep 60`)).catch((error: unknown) => error);
    while (!existsSync(begun)) await wait(20);
    stop.abort(new Unreachable('deadline', 'pc01: out of time'));
    expect(await work).toMatchObject({ reason: 'deadline' });
    await rig.close();
  });
});

describe('secrets of a worker', () => {
  it('are in no argument and no environment while they are used', async () => {
    const secret = 'planted-Secret-78';
    const module = defineModule({
      name: 'secretive',
      collection: 'ansible.builtin',
      summary: 'Uses a secret.',
      args: {},
      isLocal: true,
      inspect: () => ({
        kind: 'act' as const,
        actions: [
          { kind: 'script' as const, command: sh`sleep 0.5; printf %s ${{ secret }} | wc -c` },
          {
            kind: 'script' as const,
            command: sh`cat; sleep 0.2`,
            stdin: Buffer.from(secret),
            timeoutSeconds: 20,
          },
          {
            kind: 'script' as const,
            command: sh`sleep 0.3; echo ${{ secret }} >/dev/null`,
            timeoutSeconds: 20,
          },
        ],
        expected: { changed: true },
        read: (ran: readonly Ran[]) =>
          done({ changed: true, msg: ran.map(({ stdout }) => stdout.trim()).join(' ') }),
      }),
    }) as HostModule;
    const rig = rigOn(asking, { password: testerPassword });
    let over = false;
    const work = rig.run({ module, args: {}, becomeUser: 'root' }).finally(() => {
      over = true;
    });
    const found: string[] = [];
    let rounds = 0;
    while (!over) {
      rounds += 1;
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
        for (const part of ['cmdline', 'environ'])
          if (
            [secret, testerPassword].some((text) =>
              contentOf(`/proc/${pid}/${part}`).includes(text),
            )
          )
            found.push(pid);
      await wait(5);
    }
    const result = await work;
    await rig.close();
    expect(result.msg).toBe(`${secret.length} ${secret} `);
    expect(rounds).toBeGreaterThan(10);
    expect(found).toEqual([]);
  });
});

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

describe('hosts of all sorts', () => {
  async function on(options: Parameters<typeof startSshd>[0], work: (sshd: Sshd) => Promise<void>) {
    const sshd = await startSshd(options);
    try {
      await work(sshd);
    } finally {
      await sshd.stop();
    }
  }

  it('may greet, print noise and set umask 077 and another language at login', () =>
    on({ config: 'SetEnv LANG=de_DE.UTF-8\n' }, async (sshd) => {
      writeFileSync(
        join(sshd.folder, 'home', tester, '.bashrc'),
        'echo "Willkommen im Labor"; echo "lab-e e 0 0 0"; echo warnung >&2; umask 077; cd /\n',
      );
      const rig = rigOn(sshd, { user: tester });
      const result = await rig.run(line('echo "$LANG $LC_ALL"; umask; ls /no/such 2>&1 | wc -l'));
      await rig.close();
      expect(stdoutOf(result)).toBe('de_DE.UTF-8 \n0077\n1');
    }));

  it('may bind sudo to a terminal: the task says so', () =>
    on({ sudoers: `Defaults requiretty\n${tester} ALL=(ALL) NOPASSWD: ALL\n` }, async (sshd) => {
      const rig = rigOn(sshd);
      const result = await rig.run(line('id', 'root'));
      await rig.close();
      expect(result).toMatchObject({ failed: true, msg: expect.stringContaining('tty') });
    }));

  it('may allow one shell at a time: a second user fails as the task, and says why', () =>
    on(
      { config: 'MaxSessions 1\n', sudoers: `${tester} ALL=(ALL) NOPASSWD: ALL\n` },
      async (sshd) => {
        const rig = rigOn(sshd);
        const results = [
          await rig.run(line('echo 1')),
          await rig.run(line('id', 'root')),
          await rig.run(line('echo 3')),
        ];
        await rig.close();
        expect(stdoutOf(results[0] ?? {})).toBe('1');
        expect(results[1]).toMatchObject({
          failed: true,
          msg: expect.stringContaining('no more than 1 shells'),
        });
        expect(stdoutOf(results[2] ?? {})).toBe('3');
      },
    ));
});
