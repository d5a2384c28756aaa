import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sh } from '../../src/model/command.ts';
import { createConnect } from '../../src/transport/connect.ts';
import { hostAt, never, piecesOf, settingsIn, textOf } from './rig.ts';
import { type Sshd, startSshd, tester, testerPassword } from './sshd.ts';

let asking: Sshd;
let open: Sshd;

beforeAll(async () => {
  asking = await startSshd({
    sudoers: `Defaults env_reset, lecture=always, use_pty\n${tester} ALL=(ALL) ALL\n`,
  });
  open = await startSshd({ sudoers: `${tester} ALL=(ALL) NOPASSWD: ALL\n` });
});
afterAll(async () => {
  await asking.stop();
  await open.stop();
});

async function session(sshd: Sshd, password: string | undefined, more = {}, backend = 'ssh2') {
  const secrets = { ...settingsIn('').secrets, becomePassword: async () => password };
  const settings = settingsIn(sshd.folder, { secrets, backend: backend as 'ssh2' });
  const { connect, close } = createConnect(settings);
  const connection = await connect(hostAt(sshd, 'pc01', { user: tester, ...more }), never);
  return { connection, close };
}

const asRoot = { becomeUser: 'root' };

describe.each(['ssh2', 'openssh'])('becoming root over %s', (backend) => {
  it('gives sudo the password and the command its own input and output', async () => {
    const { connection, close } = await session(asking, testerPassword, {}, backend);
    const stdin = Buffer.from('line one\nline two\n\0\xff', 'latin1');
    const result = await connection.exec(sh`id -un; cat; echo err >&2; exit 4`, {
      ...asRoot,
      stdin,
    });
    expect(Buffer.from(result.stdout).toString('latin1')).toBe(`root\n${stdin.toString('latin1')}`);
    expect(textOf(result.stderr)).toBe('err\n');
    expect(result.exitCode).toBe(4);
    const without = await connection.exec(sh`cat; id -un`, asRoot);
    expect(textOf(without.stdout)).toBe('root\n');
    await close();
  });

  it('needs no password where sudo asks for none, given or not', async () => {
    for (const password of [undefined, 'superfluous']) {
      const { connection, close } = await session(open, password, {}, backend);
      const result = await connection.exec(sh`id -un; echo $HOME; cat`, {
        ...asRoot,
        stdin: Buffer.from('input'),
      });
      expect(textOf(result.stdout)).toBe(`root\n${open.folder}/home/root\ninput`);
      expect(textOf(result.stderr)).toBe('');
      await close();
    }
  });

  it('fails as the task, with sudo’s reason, after one wrong password', async () => {
    const wrong = 'not-the-password-42';
    const { connection, close } = await session(asking, wrong, {}, backend);
    const error = await connection.exec(sh`id`, asRoot).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'LabError', kind: 'failed' });
    expect(String(error)).toMatch(/1 incorrect password attempt|no password was provided/);
    expect(String(error)).not.toContain(wrong);
    expect((await connection.exec(sh`id -un`)).exitCode).toBe(0);
    await close();
  });

  it('fails as the task when a password is needed and none is there', async () => {
    const { connection, close } = await session(asking, undefined, {}, backend);
    await expect(connection.exec(sh`id`, asRoot)).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('password is required'),
    });
    await close();
  });

  it('shows neither the password nor the secrets of a script to anybody', async () => {
    const { connection, close } = await session(asking, testerPassword, {}, backend);
    const secret = 'planted-Secret-77';
    const running = connection.exec(sh`sleep 0.4; printf %s ${{ secret }} | wc -c`, asRoot);
    const seen = await watch([testerPassword, secret], running);
    expect(textOf((await running).stdout).trim()).toBe(String(secret.length));
    expect(seen.rounds).toBeGreaterThan(5);
    expect(seen.found).toEqual([]);
    await close();
  });

  it('writes and reads files as the other user', async () => {
    const { connection, close } = await session(asking, testerPassword, {}, backend);
    const path = `${asking.folder}/home/root/by-${backend}`;
    await connection.put(Buffer.from('secret of root'), path, { ...asRoot, mode: 0o600 });
    const pieces = await piecesOf(connection.get(path, asRoot));
    expect(Buffer.concat(pieces).toString()).toBe('secret of root');
    await expect(piecesOf(connection.get(path))).rejects.toMatchObject({ kind: 'failed' });
    await close();
  });
});

async function watch(secrets: readonly string[], running: Promise<unknown>) {
  const found: string[] = [];
  let rounds = 0;
  let over = false;
  void running.finally(() => {
    over = true;
  });
  while (!over) {
    rounds += 1;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      for (const part of ['cmdline', 'environ']) {
        const text = contentOf(`/proc/${pid}/${part}`);
        if (secrets.some((secret) => text.includes(secret))) found.push(`${pid} ${part} ${text}`);
      }
    await wait(5);
  }
  return { found, rounds };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

describe('becoming another user', () => {
  it('is skipped for who one already is', async () => {
    const { connection, close } = await session(asking, undefined, { user: 'root' });
    expect(textOf((await connection.exec(sh`id -un`, asRoot)).stdout)).toBe('root\n');
    await close();
  });

  it('refuses ways it does not know and names that are none', async () => {
    const doas = await session(open, undefined, { becomeMethod: 'doas' });
    await expect(doas.connection.exec(sh`id`, asRoot)).rejects.toMatchObject({ kind: 'input' });
    await expect(doas.connection.exec(sh`id`, { becomeUser: '-x; reboot' })).rejects.toMatchObject({
      kind: 'input',
    });
    await doas.close();
  });

  it('says so when sudo is bound to a terminal', async () => {
    const bound = await startSshd({
      sudoers: `Defaults requiretty\n${tester} ALL=(ALL) NOPASSWD: ALL\n`,
    });
    const { connection, close } = await session(bound, undefined);
    await expect(connection.exec(sh`id`, asRoot)).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('tty'),
    });
    await close();
    await bound.stop();
  });
});
