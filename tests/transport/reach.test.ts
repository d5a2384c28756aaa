import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConnect } from '../../src/transport/connect.ts';
import type { TransportSettings } from '../../src/transport/settings.ts';
import { hostAt, type hostOf, never, settingsIn } from './rig.ts';
import { freePort, makeKey, type Sshd, startSshd, tester, testerPassword } from './sshd.ts';

let sshd: Sshd;
const servers: { server: Server; sockets: Set<Socket> }[] = [];

beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(async () => {
  for (const { server, sockets } of servers) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
  await sshd.stop();
});

/** A TCP server that does something else than SSH; resolves to its port. */
async function serve(talk: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    talk(socket);
  });
  servers.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function reach(
  connection: Parameters<typeof hostOf>[1],
  more: Partial<TransportSettings> = {},
  signal = never,
) {
  const { connect, close } = createConnect(
    settingsIn(sshd.folder, { connectTimeoutMs: 3000, ...more }),
  );
  const host = hostAt(sshd, 'pc01', connection);
  try {
    await connect(host, signal);
    return { reason: 'none', message: '' };
  } catch (error) {
    return error as { reason: string; message: string };
  } finally {
    await close();
  }
}

describe.each(['ssh2', 'openssh'] as const)('the reason why %s did not get in', (backend) => {
  it('is `refused` when nothing listens', async () => {
    expect(await reach({ port: await freePort() }, { backend })).toMatchObject({
      name: 'Unreachable',
      reason: 'refused',
    });
  });

  it('is `no-route` when there is no way to the network', () => {
    expect(inPrivateNetwork(backend, 'true')).toBe('no-route');
  });

  it('is `timeout` when packets vanish', () => {
    const lonely = `ip link add v0 type veth peer name v1 && ip addr add 192.0.2.2/24 dev v0 &&
      ip link set v0 up && ip link set v1 up &&
      ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev v0`;
    expect(inPrivateNetwork(backend, lonely)).toBe('timeout');
  });

  it('is `dns` when the name means nothing', async () => {
    const found = await reach({ address: 'no-such-host.invalid' }, { backend });
    expect(found).toMatchObject({ reason: 'dns' });
  });

  it('is `banner-timeout` when the connection is taken and nothing is said', async () => {
    const port = await serve(() => {});
    expect(await reach({ port }, { backend })).toMatchObject({ reason: 'banner-timeout' });
  });

  it('is `banner-timeout` when something else is said for ever', async () => {
    const port = await serve((socket) => {
      const timer = setInterval(() => socket.write('hello\r\n'), 50);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await reach({ port }, { backend })).toMatchObject({ reason: 'banner-timeout' });
  });

  it('is `timeout` when the server stops after its banner', async () => {
    const port = await serve((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await reach({ port }, { backend })).toMatchObject({ reason: 'timeout' });
  });

  it('is `reset` when the connection is cut at once', async () => {
    const port = await serve((socket) => socket.resetAndDestroy());
    expect(await reach({ port }, { backend })).toMatchObject({ reason: 'reset' });
  });

  it('is `reset` when the server closes after its banner', async () => {
    const port = await serve((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await reach({ port }, { backend })).toMatchObject({ reason: 'reset' });
  });

  it('is `reset` when garbage floods in', async () => {
    const port = await serve((socket) => {
      const flood = () => {
        while (socket.write(Buffer.alloc(65_536, 'A')));
      };
      socket.on('drain', flood);
      flood();
    });
    expect((await reach({ port }, { backend })).reason).toMatch(/^(reset|banner-timeout)$/);
  });

  it('is `auth-failed` when the key is not wanted', async () => {
    const keyFile = makeKey(join(sshd.folder, `other_${backend}`));
    const found = await reach({ keyFile }, { backend });
    expect(found).toMatchObject({ reason: 'auth-failed' });
  });

  it('is `auth-failed` when the key file is not there', async () => {
    const found = await reach({ keyFile: '/nonexistent/key' }, { backend });
    expect(found).toMatchObject({ reason: 'auth-failed' });
  });

  it('is `auth-failed` after one wrong password, which it does not repeat', async () => {
    const wrong = 'Wr0ng-password';
    const secrets = { ...settingsIn('').secrets, password: async () => wrong };
    const failures = () =>
      readFileSync(join(sshd.folder, 'sshd.log'), 'utf8').split('Failed password').length;
    const before = failures();
    const found = await reach(withoutKey, { backend, secrets });
    expect(found).toMatchObject({ reason: 'auth-failed' });
    expect(failures()).toBe(before + 1);
    expect(`${found.message}${JSON.stringify(found)}`).not.toContain(wrong);
  });

  it('is `deadline` when the caller stops it', async () => {
    const port = await serve(() => {});
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const found = await reach({ port }, { backend, connectTimeoutMs: 60_000 }, stop.signal);
    expect(found).toMatchObject({ reason: 'deadline' });
  });

  it('is none when the password is right', async () => {
    const secrets = { ...settingsIn('').secrets, password: async () => testerPassword };
    expect(await reach(withoutKey, { backend, secrets, connectTimeoutMs: 5000 })).toEqual({
      reason: 'none',
      message: '',
    });
  });

  it('is none when a locked key gets its passphrase', async () => {
    const keyFile = makeKey(join(sshd.folder, `locked_${backend}`), 'ed25519', 'open sesame');
    const config = join(sshd.folder, 'authorized_keys');
    writeFileSync(config, execFileSync('ssh-keygen', ['-y', '-P', 'open sesame', '-f', keyFile]), {
      flag: 'a',
    });
    const secrets = { ...settingsIn('').secrets, passphrase: async () => 'open sesame' };
    const found = await reach({ keyFile }, { backend, secrets, connectTimeoutMs: 5000 });
    expect(found.message).toBe('');
    expect(await reach({ keyFile }, { backend })).toMatchObject({ reason: 'auth-failed' });
  });
});

/** The tester's account, to be entered by password. */
const withoutKey = { user: tester, keyFile: undefined } as never;

/** Tries to reach 192.0.2.1 from a network namespace prepared by a shell command. */
function inPrivateNetwork(backend: string, prepare: string): string {
  const program = `
    import { createConnect } from './src/transport/connect.ts';
    import { hostOf, never, settingsIn } from './tests/transport/rig.ts';
    const { connect } = createConnect(settingsIn('${sshd.folder}', { backend: '${backend}', connectTimeoutMs: 1000 }));
    const host = hostOf('pc01', { address: '192.0.2.1', keyFile: '${sshd.keyFile}' });
    await connect(host, never).catch((error) => console.log(error.reason));`;
  const script = `${prepare}; exec "$0" --input-type=module-typescript -e "$1"`;
  const words = ['-n', 'sh', '-c', script, process.execPath, program];
  return execFileSync('unshare', words, { encoding: 'utf8' }).trim();
}

describe('an agent', () => {
  it('logs in with its first key where no key is named, and leaves nothing to guess', async () => {
    const socket = join(sshd.folder, 'agent');
    const started = execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]);
    try {
      const env = { ...process.env, SSH_AUTH_SOCK: socket };
      execFileSync('ssh-add', ['-q', sshd.keyFile], { env });
      const found = await reach({ keyFile: undefined } as never, { agentSocket: socket });
      expect(found).toEqual({ reason: 'none', message: '' });
      execFileSync('ssh-add', ['-q', '-D'], { env });
      const empty = await reach({ keyFile: undefined } as never, { agentSocket: socket });
      expect(empty).toMatchObject({ reason: 'auth-failed' });
    } finally {
      process.kill(pid);
    }
  });
});

describe('a failed attempt', () => {
  it('leaves nothing open that would keep the program alive', () => {
    const program = `
      import { createConnect } from './src/transport/connect.ts';
      import { hostOf, never, settingsIn } from './tests/transport/rig.ts';
      import { createServer } from 'node:net';
      const server = createServer(() => {}).listen(0, '127.0.0.1', async () => {
        const { connect } = createConnect(settingsIn('${sshd.folder}', { connectTimeoutMs: 200 }));
        const host = hostOf('pc01', { address: '127.0.0.1', port: server.address().port, keyFile: '${sshd.keyFile}' });
        await connect(host, never).catch((error) => console.log(error.reason));
        server.close();
      });`;
    const output = execFileSync(
      process.execPath,
      ['--input-type=module-typescript', '-e', program],
      { encoding: 'utf8', timeout: 20_000 },
    );
    expect(output.trim()).toBe('banner-timeout');
  });

  it('never reaches a program when the address begins with a hyphen', async () => {
    const found = await reach(
      { address: '-oProxyCommand=touch /tmp/pwned' },
      { backend: 'openssh' },
    );
    expect(found).toMatchObject({ kind: 'input' });
  });
});
