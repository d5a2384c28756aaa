import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';
import { hasTool } from '../inventory/ansible-tools.ts';

let folder = '';
const home = process.cwd();
const plain = 'wlan_password: "hunter2 汉"\n';
const withPassword = ['--vault-password-file', 'password'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-vault-cli-'));
  write('password', 'first\n');
  write('other', 'second');
  write('vars.yml', plain);
  chmodSync(join(folder, 'vars.yml'), 0o644);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
};
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const lab = (
  args: readonly string[],
  more: { env?: Record<string, string>; input?: string } = {},
) => runLab(['vault', ...args], { cwd: folder, ...more });
const modeOf = (name: string) => statSync(join(folder, name)).mode & 0o777;

describe('lab vault', () => {
  it('encrypts a file for its owner only, shows it and decrypts it again', async () => {
    expect(await lab(['encrypt', 'vars.yml', ...withPassword])).toMatchObject({ exitCode: 0 });
    expect(read('vars.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/);
    expect(modeOf('vars.yml')).toBe(0o600);
    expect(await lab(['view', 'vars.yml', ...withPassword])).toMatchObject({ stdout: plain });
    expect(await lab(['decrypt', 'vars.yml', ...withPassword])).toMatchObject({ exitCode: 0 });
    expect(read('vars.yml')).toBe(plain);
    expect(modeOf('vars.yml')).toBe(0o600);
  });

  it('changes none of several files when one cannot be decrypted', async () => {
    write('b.yml', 'b: 1\n');
    await lab(['encrypt', 'vars.yml', ...withPassword]);
    await lab(['encrypt', 'b.yml', '--vault-password-file', 'other']);
    const before = read('vars.yml');
    const { exitCode, stderr } = await lab(['decrypt', 'vars.yml', 'b.yml', ...withPassword]);
    expect([exitCode, read('vars.yml')]).toEqual([3, before]);
    expect(stderr).toContain('no vault password fits b.yml');
  });

  it('refuses to encrypt twice, and to decrypt what is plain', async () => {
    expect(await lab(['decrypt', 'vars.yml', ...withPassword])).toMatchObject({ exitCode: 3 });
    await lab(['encrypt', 'vars.yml', ...withPassword]);
    const before = read('vars.yml');
    expect(await lab(['encrypt', 'vars.yml', ...withPassword])).toMatchObject({ exitCode: 3 });
    expect(read('vars.yml')).toBe(before);
  });

  it('rekeys with a new password and label', async () => {
    await lab(['encrypt', 'vars.yml', ...withPassword]);
    await lab(['rekey', 'vars.yml', ...withPassword, '--new-vault-id', 'exam@other']);
    expect(read('vars.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;exam\n/);
    expect(await lab(['view', 'vars.yml', ...withPassword])).toMatchObject({ exitCode: 3 });
    expect(await lab(['view', 'vars.yml', '--vault-id', 'exam@other'])).toMatchObject({
      stdout: plain,
    });
  });

  it('takes the password of a program, of one that is asked by label, and of the environment', async () => {
    write('program', '#!/bin/sh\necho first\n');
    write('ask-client', '#!/bin/sh\ntest "$1 $2" = "--vault-id exam" && echo second\n');
    for (const name of ['program', 'ask-client']) chmodSync(join(folder, name), 0o755);
    await lab(['encrypt', 'vars.yml', '--vault-password-file', 'program']);
    for (const name of ['LAB_VAULT_PASSWORD_FILE', 'ANSIBLE_VAULT_PASSWORD_FILE'])
      expect(await lab(['view', 'vars.yml'], { env: { [name]: 'password' } })).toMatchObject({
        stdout: plain,
      });
    await lab(['rekey', 'vars.yml', ...withPassword, '--new-vault-password-file', 'other']);
    expect(await lab(['view', 'vars.yml', '--vault-id', 'exam@ask-client'])).toMatchObject({
      stdout: plain,
    });
  });

  it('says that a password is missing, empty or encrypted itself', async () => {
    await lab(['encrypt', 'vars.yml', ...withPassword]);
    expect(await lab(['view', 'vars.yml'])).toMatchObject({ exitCode: 3 });
    expect(await lab(['view', 'vars.yml', '--ask-vault-pass'])).toMatchObject({ exitCode: 5 });
    write('empty', '\n');
    const empty = await lab(['view', 'vars.yml', '--vault-password-file', 'empty']);
    expect(empty.stderr).toContain('is empty');
    const vaulted = await lab(['view', 'vars.yml', '--vault-password-file', 'vars.yml']);
    expect(vaulted.stderr).toContain('encrypted itself');
  });

  it('edits in a private place that is gone afterwards', async () => {
    await lab(['encrypt', 'vars.yml', ...withPassword]);
    write(
      'editor',
      `#!/bin/sh\nstat -c '%a %n' "$2" "\${2%/*}" > '${folder}/seen'\nls "\${2%/*}" >> '${folder}/seen'\nprintf '%s' "$1" > "$2"\n: > "$2~"\n`,
    );
    chmodSync(join(folder, 'editor'), 0o755);
    const env = { EDITOR: `'${folder}/editor' 'new: text'`, XDG_RUNTIME_DIR: folder };
    expect(await lab(['edit', 'vars.yml', ...withPassword], { env })).toMatchObject({
      exitCode: 0,
    });
    expect(await lab(['view', 'vars.yml', ...withPassword])).toMatchObject({ stdout: 'new: text' });
    expect(read('seen')).toMatch(/^600 .*\/vars\.yml\n700 .*lab-vault-[^/]*\nvars\.yml\n$/);
    expect(readdirSync(folder).filter((name) => name.startsWith('lab-vault-'))).toEqual([]);
    const before = read('vars.yml');
    expect(await lab(['edit', 'vars.yml', ...withPassword], { env })).toMatchObject({
      exitCode: 0,
    });
    expect(read('vars.yml')).toBe(before);
    const failing = { EDITOR: 'false', XDG_RUNTIME_DIR: folder };
    const failed = await lab(['edit', 'vars.yml', ...withPassword], { env: failing });
    expect([failed.exitCode, read('vars.yml')]).toEqual([2, before]);
    expect(readdirSync(folder).filter((name) => name.startsWith('lab-vault-'))).toEqual([]);
  });

  it('makes a value of what is piped in, and takes none from the command line', async () => {
    const args = ['encrypt-string', '-', '--name', 'wlan_password', ...withPassword];
    const { stdout } = await lab(args, { input: 'hunter2\n' });
    expect(stdout).toMatch(
      /^wlan_password: !vault \|\n {10}\$ANSIBLE_VAULT;1\.1;AES256\n(?: {10}[0-9a-f]+\n)+$/,
    );
    write('value', stdout.split('\n').slice(1).join('\n'));
    expect(await lab(['view', 'value', ...withPassword])).toMatchObject({ stdout: 'hunter2' });
    const typed = await lab(['encrypt-string', 'hunter2', ...withPassword]);
    expect([typed.exitCode, typed.stdout]).toEqual([5, '']);
  });
});

describe('flags that other commands have no use for', () => {
  it('are refused there', async () => {
    for (const flag of [['-e', 'a=1'], withPassword, ['--vault-id', 'a@b']])
      expect(await runLab(['inventory', 'list', ...flag], { cwd: folder })).toMatchObject({
        exitCode: 5,
      });
  });
});

describe.skipIf(!hasTool('ansible-vault'))('beside ansible-vault', () => {
  const ansible = (...args: string[]) =>
    execFileSync('ansible-vault', args, {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
    }).toString();

  it('each edits what the other made', async () => {
    await lab(['encrypt', 'vars.yml', ...withPassword]);
    ansible('rekey', ...withPassword, '--new-vault-id', 'exam@other', 'vars.yml');
    expect(await lab(['view', 'vars.yml', '--vault-id', 'exam@other'])).toMatchObject({
      stdout: plain,
    });
    await lab([
      'rekey',
      'vars.yml',
      '--vault-id',
      'exam@other',
      '--new-vault-password-file',
      'password',
    ]);
    ansible('decrypt', ...withPassword, 'vars.yml');
    expect(read('vars.yml')).toBe(plain);
  });

  it('a value made here is what Ansible sees', async () => {
    const args = ['encrypt-string', '-', '--name', 'secret', ...withPassword];
    const { stdout } = await lab(args, { input: "it's {{ 7 }}\n" });
    write('hosts.yml', `all: {hosts: {pc1: }, vars: {}}\n`);
    execFileSync('mkdir', ['-p', join(folder, 'host_vars')]);
    write('host_vars/pc1.yml', stdout);
    const debug = execFileSync(
      'ansible',
      ['pc1', '-i', 'hosts.yml', ...withPassword, '-m', 'debug', '-a', 'var=secret'],
      { cwd: folder },
    ).toString();
    expect(debug).toContain(`"it's {{ 7 }}"`);
  });
});
