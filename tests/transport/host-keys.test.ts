import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sh } from '../../src/model/command.ts';
import { createConnect } from '../../src/transport/connect.ts';
import type { TransportSettings } from '../../src/transport/settings.ts';
import { hostAt, never, settingsIn } from './rig.ts';
import { makeFolder, makeKey, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let folder: string;
let shown: string;
let other: string;
const rsaFolder = makeFolder();

beforeAll(async () => {
  sshd = await startSshd({ config: `HostKey ${makeKey(join(rsaFolder, 'rsa_key'), 'rsa')}` });
  shown = readFileSync(`${sshd.hostKeyFile}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  const file = makeKey(join(sshd.folder, 'other'));
  other = readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
});
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => rmSync(folder, { recursive: true }));
afterAll(async () => {
  await sshd.stop();
  rmSync(rsaFolder, { recursive: true });
});

const fingerprint = (line: string) =>
  execFileSync('ssh-keygen', ['-lf', '-'], { input: line, encoding: 'utf8' }).split(' ')[1] ?? '';

/** Tries to get in; '' or the error. */
async function attempt(more: Partial<TransportSettings>) {
  const { connect, close } = createConnect(settingsIn(folder, more));
  try {
    const connection = await connect(hostAt(sshd), never);
    expect((await connection.exec(sh`exit 7`)).exitCode).toBe(7);
    return { reason: 'none', message: '', hint: '' };
  } catch (error) {
    return error as { reason: string; message: string; hint: string };
  } finally {
    await close();
  }
}

function userFile(text: string): { userKnownHostsFiles: string[] } {
  const file = join(folder, 'user_known_hosts');
  writeFileSync(file, text);
  return { userKnownHostsFiles: [file] };
}

function ownFile(text?: string): string {
  const file = join(folder, 'known_hosts');
  if (text !== undefined) writeFileSync(file, text);
  return file;
}

describe.each(['ssh2', 'openssh'] as const)('over %s a host key', (backend) => {
  it('nobody knows is kept under the inventory name, and known from then on', async () => {
    const knownHostsFile = ownFile('# no line end at the end of a torn file');
    expect(await attempt({ backend, knownHostsFile })).toMatchObject({ reason: 'none' });
    expect(readFileSync(knownHostsFile, 'utf8')).toMatch(/file\npc01 (ssh-\w+|rsa\S*) \S+\n$/);
    const before = readFileSync(knownHostsFile, 'utf8');
    expect(await attempt({ backend, knownHostsFile, hostKeyCheck: 'strict' })).toMatchObject({
      reason: 'none',
    });
    expect(readFileSync(knownHostsFile, 'utf8')).toBe(before);
  });

  it('nobody knows is refused by `strict`, which writes nothing', async () => {
    const knownHostsFile = ownFile('');
    const found = await attempt({ backend, knownHostsFile, hostKeyCheck: 'strict' });
    expect(found).toMatchObject({ name: 'Unreachable', reason: 'host-key-changed' });
    expect(readFileSync(knownHostsFile, 'utf8')).toBe('');
  });

  it.each(['accept-new', 'strict', 'off'] as const)(
    'that changed is refused by `%s` with both fingerprints',
    async (hostKeyCheck) => {
      const knownHostsFile = ownFile(`pc01 ${other}\n`);
      const found = await attempt({ backend, knownHostsFile, hostKeyCheck });
      expect(found).toMatchObject({ reason: 'host-key-changed' });
      expect(found.message).toContain(fingerprint(other));
      expect(found.message).toContain(fingerprint(shown));
      expect(readFileSync(knownHostsFile, 'utf8')).toBe(`pc01 ${other}\n`);
    },
  );

  it('is not looked at by `off` unless it is recorded', async () => {
    const knownHostsFile = ownFile('');
    const user = userFile(`[127.0.0.1]:${sshd.port} ${other}\n`);
    const found = await attempt({ backend, knownHostsFile, hostKeyCheck: 'off', ...user });
    expect(found).toMatchObject({ reason: 'none' });
    expect(readFileSync(knownHostsFile, 'utf8')).toBe('');
  });

  it('the user knows by address is good, hashed or not', async () => {
    const user = userFile(`[127.0.0.1]:${sshd.port} ${shown}\n`);
    expect(await attempt({ backend, hostKeyCheck: 'strict', ...user })).toMatchObject({
      reason: 'none',
    });
    execFileSync('ssh-keygen', ['-q', '-H', '-f', user.userKnownHostsFiles[0] ?? ''], {
      stdio: 'pipe',
    });
    expect(await attempt({ backend, hostKeyCheck: 'strict', ...user })).toMatchObject({
      reason: 'none',
    });
  });

  it('the user knows otherwise is refused', async () => {
    const user = userFile(`[127.0.0.1]:${sshd.port} ${other}\n`);
    const found = await attempt({ backend, ...user });
    expect(found).toMatchObject({ reason: 'host-key-changed' });
  });

  it('that is revoked is refused even when it is recorded', async () => {
    const user = userFile(`@revoked * ${shown}\n`);
    const knownHostsFile = ownFile(`pc01 ${shown}\n`);
    const found = await attempt({ backend, knownHostsFile, hostKeyCheck: 'off', ...user });
    expect(found).toMatchObject({ reason: 'host-key-changed' });
  });

  it('of another type does not pass for a host that is known', async () => {
    const only = await startSshd({ hostKeyType: 'ecdsa' });
    const knownHostsFile = ownFile(`pc01 ${shown}\n`);
    const { connect, close } = createConnect(settingsIn(folder, { backend, knownHostsFile }));
    await expect(connect(hostAt(only), never)).rejects.toMatchObject({
      reason: 'host-key-changed',
    });
    await close();
    await only.stop();
  });

  it('of the known type is asked for when the host has several', async () => {
    const lines = readFileSync(join(sshd.folder, 'sshd_config'), 'utf8').split('\n');
    const file = lines.find((line) => line.includes('rsa_key'))?.split(' ')[1] ?? '';
    const rsa = readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
    const knownHostsFile = ownFile(`pc01 ${rsa}\n`);
    expect(await attempt({ backend, knownHostsFile, hostKeyCheck: 'strict' })).toMatchObject({
      reason: 'none',
    });
  });

  it('that cannot be written down ends the attempt as trouble of this machine', async () => {
    const knownHostsFile = join(ownFile('a file, not a folder'), 'known_hosts');
    expect(await attempt({ backend, knownHostsFile })).toMatchObject({ kind: 'environment' });
  });
});

describe('writers of one known_hosts file', () => {
  it('never mix their lines', async () => {
    const knownHostsFile = ownFile('');
    const program = `
      import { appendLines } from './src/transport/append-lines.ts';
      const append = appendLines('${knownHostsFile}');
      await Promise.all(Array.from({ length: 200 }, (_, i) => append(process.argv[1] + '-' + i + ' ' + 'k'.repeat(300))));`;
    const { spawn } = await import('node:child_process');
    const ends = ['a', 'b', 'c'].map((name) => {
      const words = ['--input-type=module-typescript', '-e', program, name];
      const child = spawn(process.execPath, words, { stdio: 'inherit' });
      return new Promise((resolve) => child.once('exit', resolve));
    });
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
    const lines = readFileSync(knownHostsFile, 'utf8').split('\n').slice(0, -1);
    expect(lines).toHaveLength(600);
    expect(lines.every((line) => /^[abc]-\d+ k{300}$/.test(line))).toBe(true);
  });
});
