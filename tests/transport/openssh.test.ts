import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sh } from '../../src/model/command.ts';
import { createConnect } from '../../src/transport/connect.ts';
import type { TransportSettings } from '../../src/transport/settings.ts';
import { readSshConfig } from '../../src/transport/ssh-config.ts';
import { needOfSystemSsh } from '../../src/transport/ssh-needs.ts';
import { hostAt, hostOf, never, settingsIn, textOf } from './rig.ts';
import { makeFolder, makeKey, type Sshd, startSshd } from './sshd.ts';

let folder: string;
let authority: string;
let target: Sshd;
let jump: Sshd;

beforeAll(async () => {
  folder = makeFolder();
  authority = makeKey(join(folder, 'ca'));
  target = await startSshd({ config: `TrustedUserCAKeys ${authority}.pub` });
  jump = await startSshd({ address: '127.0.0.2' });
  sign(['-I', 'host', '-h', '-n', 'pc01'], `${target.hostKeyFile}.pub`);
});
afterAll(async () => {
  await target.stop();
  await jump.stop();
  rmSync(folder, { recursive: true });
});

function sign(words: readonly string[], publicKey: string): void {
  execFileSync('ssh-keygen', ['-q', '-s', authority, ...words, publicKey], { stdio: 'pipe' });
}

async function run(host: Parameters<typeof hostAt>[2], more: Partial<TransportSettings> = {}) {
  const settings = settingsIn(folder, { controlFolder: join(folder, 'ctl'), ...more });
  const { connect, close } = createConnect(settings);
  try {
    const connection = await connect(hostAt(target, 'pc01', host), never);
    return textOf((await connection.exec(sh`echo "$SSH_CONNECTION"`)).stdout).trim();
  } finally {
    await close();
  }
}

describe('the system’s ssh', () => {
  it('is chosen for a key with a certificate, which ssh2 cannot use', async () => {
    const keyFile = makeKey(join(folder, 'certified'));
    await expect(run({ keyFile })).rejects.toMatchObject({ reason: 'auth-failed' });
    sign(['-I', 'user', '-n', 'root'], `${keyFile}.pub`);
    expect(await run({ keyFile })).toContain(String(target.port));
  });

  it('says what a proxy command said, and which of two host keys it was that ssh did not take', async () => {
    await expect(run({ sshArgs: '-o ProxyCommand="no-such-proxy %h"' })).rejects.toMatchObject({
      reason: 'reset',
      message: expect.stringContaining('no-such-proxy: not found'),
    });
    const sshArgs = `-J root@127.0.0.2:${jump.port}`;
    await expect(run({ sshArgs })).rejects.toMatchObject({
      reason: 'host-key-changed',
      message: expect.stringMatching(
        /^the jump host on the way to pc01 .*Host key verification failed/,
      ),
    });
  });

  it('is chosen for a jump host in the arguments, whose own key is checked too', async () => {
    const jumpKnown = `UserKnownHostsFile=${join(folder, 'jump_known')}`;
    const inner = `ssh -F none -i ${jump.keyFile} -o ${jumpKnown} -o StrictHostKeyChecking=accept-new -p ${jump.port} -W %h:%p root@127.0.0.2`;
    const sshArgs = `-o ProxyCommand="${inner}"`;
    expect(await run({ sshArgs })).toMatch(/^127\.0\.0\.1 \d+ 127\.0\.0\.1/);
    expect(readFileSync(join(folder, 'jump_known'), 'utf8')).toContain(`[127.0.0.2]:${jump.port}`);
  });

  it('is chosen for a host the user’s configuration sends through another', async () => {
    const config = join(folder, 'config');
    const marker = join(folder, 'went-through');
    const command = `touch ${marker}; exec ssh -F none -i ${jump.keyFile} -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -p ${jump.port} -W %h:%p root@127.0.0.2`;
    mkdirSync(join(folder, 'config.d'), { recursive: true });
    writeFileSync(config, `Include ${folder}/config.d/*.conf\n`);
    writeFileSync(
      join(folder, 'config.d', 'lab.conf'),
      `Host 127.0.0.1\n  ProxyCommand sh -c "${command}"\n`,
    );
    const sshConfigFiles = [config];
    const says = readSshConfig(sshConfigFiles);
    expect(await says('127.0.0.1')).toContain('proxycommand');
    expect(await says('127.0.0.9')).toBeUndefined();
    expect(existsSync(marker)).toBe(false);
    expect(await run({}, { sshConfigFiles })).not.toBe('');
    expect(existsSync(marker)).toBe(true);
  });

  it('checks host certificates against the authority, and their names', async () => {
    const certified = await startSshd({
      address: '127.0.0.3',
      config: `HostCertificate ${target.hostKeyFile}-cert.pub\nHostKey ${target.hostKeyFile}`,
    });
    const publicKey = readFileSync(`${authority}.pub`, 'utf8');
    const own = join(folder, 'ca_known');
    writeFileSync(own, `@cert-authority pc* ${publicKey}`);
    const attempt = async (name: string) => {
      const settings = settingsIn(folder, { knownHostsFile: own, hostKeyCheck: 'strict' });
      const { connect, close } = createConnect(settings);
      const done = await connect(hostAt(certified, name), never).then(
        () => 'in',
        (error: unknown) => (error as { reason: string }).reason,
      );
      await close();
      return done;
    };
    expect(await attempt('pc01')).toBe('in');
    expect(await attempt('pc02')).toBe('host-key-changed');
    await certified.stop();
  });

  it('leaves no process, socket or file behind', async () => {
    await run({}, { backend: 'openssh' });
    expect(readdirSync(join(folder, 'ctl'))).toEqual([]);
  });

  it('refuses a control folder whose path is too long for a socket', async () => {
    const controlFolder = join(folder, 'x'.repeat(80));
    await expect(run({}, { backend: 'openssh', controlFolder })).rejects.toMatchObject({
      kind: 'environment',
    });
  });
});

describe('whether a host needs the system’s ssh', () => {
  const need = (sshArgs: string) =>
    needOfSystemSsh(hostOf('pc01', { sshArgs }), settingsIn(folder), false);

  it('is no for arguments that ssh2 follows or that change nothing', async () => {
    expect(await need('')).toBeUndefined();
    expect(
      await need('-C -o ControlMaster=auto -oControlPersist=60s -o "StrictHostKeyChecking no"'),
    ).toBeUndefined();
  });

  it('is yes, with the reason, for everything else', async () => {
    expect(await need('-J gate')).toContain('-J');
    expect(await need("-o ProxyJump='gate'")).toContain('ProxyJump');
    expect(await need('-oKexAlgorithms=x')).toContain('KexAlgorithms');
  });

  it('is yes for a security key and an authority', async () => {
    const keyFile = join(folder, 'sk');
    const blob = Buffer.from('openssh-key-v1\0....none....none....sk-ssh-ed25519@openssh.com');
    const body = blob.toString('base64');
    writeFileSync(
      keyFile,
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`,
    );
    const host = hostOf('pc01', { keyFile });
    expect(await needOfSystemSsh(host, settingsIn(folder), false)).toContain('FIDO');
    expect(await needOfSystemSsh(hostOf('pc01'), settingsIn(folder), true)).toContain('authority');
  });
});
