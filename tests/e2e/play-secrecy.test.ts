import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encryptVault } from '../../src/store/vault.ts';
import { bringCurl } from '../helpers/bring-curl.ts';
import { labPath } from '../helpers/lab.ts';
import { describeOnPcs, type Finished, openSim, type Sim } from '../helpers/sim.ts';
import { type Sighting, watchProcesses } from '../helpers/watch-processes.ts';

const fixture = join(import.meta.dirname, '..', 'fixtures', 'secrecy');
const mark = (name: string) => `${name}-${randomBytes(9).toString('hex')}`;
const publicMark = mark('public');
/** Every secret by what it is. */
const secrets = {
  vaultPassword: mark('vault'),
  databasePassword: mark('database'),
  apiToken: mark('token'),
  keyLine: mark('pem'),
  accountHash: `$6$salt$${mark('hash')}`,
  accountHashLater: `$6$salt$${mark('later')}`,
  webPassword: mark('web'),
  hiddenText: mark('hidden'),
  hiddenKey: `AAAAC3${mark('key')}`,
  ofCommandLine: mark('extra'),
};
/** Programs that are slowed down on the PCs, so that whoever looks every few milliseconds sees each of them. */
const slowed =
  'base64 cat chage chmod chown chpasswd cp curl cut dd env grep head id install ln mkdir mktemp mv passwd rm sed sh sha1sum sort stat tail tar tee tr useradd usermod wc';

describeOnPcs('secrets of a rollout', () => {
  let sim: Sim;
  let folder: string;
  let server: ChildProcess;
  let sudoPassword: string;
  let ran: Finished;
  let seen: { readonly rounds: number; readonly found: readonly Sighting[] };
  const path = (name: string) => join(folder, name);
  const all = () => ({ ...secrets, sudoPassword });
  /** Which secrets a text holds. */
  const leaksOf = (text: string) =>
    Object.entries(all()).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));
  const lab = (args: readonly string[]): Promise<Finished> =>
    sim.exec([labPath, '--state', path('state'), ...args], {
      cwd: folder,
      env: { LANG: 'C.UTF-8', HOME: path('home'), XDG_CACHE_HOME: path('home/.cache') },
      timeoutMs: 120_000,
    });
  const rollout = (...flags: string[]): Promise<Finished> =>
    lab([
      ...['play', 'site.yml', '-i', 'inventory.yaml', '--vault-password-file', 'vault-password'],
      ...['--become-password-file', path('ask-the-safe'), '-v', '--diff'],
      ...['-e', `secret_x=${secrets.ofCommandLine}`, '--log-file', 'events.log', ...flags],
    ]);
  const lastRun = async (): Promise<string> =>
    JSON.parse((await lab(['runs', 'list', '-o', 'json'])).stdout).runs[0].run;

  function writeProject(): void {
    cpSync(fixture, folder, { recursive: true });
    const password = { label: 'default', password: Buffer.from(secrets.vaultPassword) };
    const vaulted = (text: string) => encryptVault(Buffer.from(text), password);
    writeFileSync(path('vault-password'), `${secrets.vaultPassword}\n`, { mode: 0o600 });
    writeFileSync(path('vaulted.yml'), vaulted(`database_password: ${secrets.databasePassword}\n`));
    const pem = `-----BEGIN-----\n${secrets.keyLine}\n-----END-----\n`;
    mkdirSync(path('files'));
    writeFileSync(path('files/vaulted.pem'), vaulted(pem));
    const inline = vaulted(secrets.apiToken).trimEnd().replaceAll(/^/gm, '  ');
    const given = {
      account_hash: secrets.accountHash,
      account_hash_later: secrets.accountHashLater,
      web_password: secrets.webPassword,
      hidden_text: secrets.hiddenText,
      hidden_key: `ssh-ed25519 ${secrets.hiddenKey}`,
      gateway: sim.pcs[0]?.gateway,
      sudo_file: sim.passwordFile,
    };
    const lines = Object.entries(given).map(([name, text]) => `${name}: ${text}\n`);
    writeFileSync(path('given.yml'), `api_token: !vault |\n${inline}\n${lines.join('')}`);
    const inventory = readFileSync(sim.inventoryPath, 'utf8');
    writeFileSync(
      path('inventory.yaml'),
      inventory.replace('ansible_user: root', 'ansible_user: tech'),
    );
    writeFileSync(path('ask-the-safe'), `#!/bin/sh\ncat '${sim.passwordFile}'\n`);
    chmodSync(path('ask-the-safe'), 0o700);
  }

  async function slowDown(host: string): Promise<void> {
    await bringCurl(sim, host);
    const script = `for name in ${slowed}; do
      real=/usr/bin/$name; [ -e $real ] || real=/usr/sbin/$name; [ -e $real ] || continue
      printf '#!/bin/dash\\n/usr/bin/sleep 0.03\\nexec %s "$@"\\n' $real >/usr/local/bin/$name
      chmod 755 /usr/local/bin/$name
    done`;
    const done = await sim.inside(host, ['/bin/sh', '-euc', script]);
    expect(done.exitCode, done.stderr).toBe(0);
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lab-secrecy-'));
    sim = await openSim({ rooms: [{ name: 'a', pcs: 2 }] });
    sudoPassword = readFileSync(sim.passwordFile, 'utf8').trim();
    writeProject();
    mkdirSync(path('home'));
    await Promise.all(sim.pcs.map(({ name }) => slowDown(name)));
    const program = join(import.meta.dirname, '..', 'helpers', 'programs', 'repeat-login.ts');
    const enter = [`--net=/proc/${sim.supervisorPid}/ns/net`, '--'];
    server = spawn('nsenter', [...enter, process.execPath, program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (server.stdout) await once(server.stdout, 'data');
    const watch = watchProcesses([...Object.values(all()), 'PUBLIC-MARK']);
    ran = await rollout('-o', 'json', '-e', `public_x=${publicMark}`);
    seen = await watch.stop();
  });
  afterAll(async () => {
    server?.kill();
    await sim?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are given to both PCs, on every way a playbook has', async () => {
    expect(ran.exitCode, ran.stderr).toBe(2);
    const { plays, stats } = JSON.parse(ran.stdout);
    const rows = plays[0].tasks.map(
      ({ task, hosts }: { task: { name: string }; hosts: Record<string, { failed?: boolean }> }) =>
        [task.name, Object.values(hosts).map(({ failed }) => failed === true)] as const,
    );
    const failed = rows.filter(([, each]: [string, boolean[]]) => each.includes(true));
    expect(failed.map(([name]: [string]) => name.split(',')[0])).toEqual([
      'A request that is refused',
      'A hidden command that fails',
      'A condition that fails',
      'A template that fails',
      'Something that fails and prints',
    ]);
    expect(Object.keys(stats)).toEqual(['a01', 'a02']);
    for (const { name } of sim.pcs) {
      const files = ['/srv/settings.conf', '/srv/key.pem', '/srv/hidden', '/srv/hidden-1'];
      const found = await sim.inside(name, ['cat', ...files, '/etc/shadow']);
      const { databasePassword, apiToken, ofCommandLine, keyLine, hiddenText } = secrets;
      for (const secret of [databasePassword, apiToken, ofCommandLine, keyLine, hiddenText])
        expect(found.stdout).toContain(secret);
      expect(found.stdout).toContain(`pupil:${secrets.accountHashLater}:`);
    }
  });

  it('stand in no command line and no environment, neither here nor on the PCs', () => {
    expect(seen.rounds).toBeGreaterThan(50);
    const { found } = seen;
    expect(found.filter(({ text }) => text === 'PUBLIC-MARK')).not.toEqual([]);
    // What is typed stands in the command line of the program that was typed, and nowhere else.
    const typed = found.filter(({ text }) => text === secrets.ofCommandLine);
    expect(typed).not.toEqual([]);
    const isTyped = ({ text, file, process }: Sighting) =>
      text === secrets.ofCommandLine && file === 'cmdline' && process.includes(' play site.yml ');
    expect(found.filter((each) => each.text !== 'PUBLIC-MARK' && !isTyped(each))).toEqual([]);
  });

  it('are masked in what the run prints, in its progress and in its log file', () => {
    expect(ran.stdout).toContain('********');
    expect(leaksOf(ran.stdout)).toEqual([]);
    expect(leaksOf(ran.stderr)).toEqual([]);
    const log = readFileSync(path('events.log'), 'utf8');
    expect(log).toContain('Something that fails and prints');
    expect(leaksOf(log)).toEqual([]);
    expect(statSync(path('events.log')).mode & 0o777).toBe(0o600);
  });

  it.each(['table', 'json', 'ndjson', 'csv', 'markdown', 'html', 'xlsx', 'junit'])(
    'are masked when the run is shown again as %s',
    async (format) => {
      const file = path(`report.${format}`);
      const shown = await lab([
        ...['runs', 'show', await lastRun(), '-v', '-o', format, '--output-file', file],
      ]);
      expect(shown.exitCode, shown.stderr).toBe(0);
      const report =
        format === 'xlsx'
          ? spawnSync('unzip', ['-p', file], { encoding: 'utf8' }).stdout
          : readFileSync(file, 'utf8');
      expect(report).toContain('a01');
      expect(leaksOf(report)).toEqual([]);
    },
  );

  it('are masked in a dry run with differences, shown as a table', async () => {
    const checked = await rollout('--check');
    expect(checked.stdout).toContain('a02');
    expect(leaksOf(checked.stdout)).toEqual([]);
    expect(leaksOf(checked.stderr)).toEqual([]);
  });

  it('are gone from the state folder, which is its owner’s alone, when the run has ended', async () => {
    const files = readdirSync(path('state'), { recursive: true, withFileTypes: true });
    const paths = files
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name));
    expect(paths).toContain(path('state/lab.sqlite'));
    const leaks = paths.flatMap((each) =>
      leaksOf(readFileSync(each, 'latin1')).map((name) => `${each}: ${name}`),
    );
    expect(leaks).toEqual([]);
    expect(readFileSync(path('state/lab.sqlite'), 'latin1')).toContain(publicMark);
    expect(statSync(path('state')).mode & 0o777).toBe(0o700);
    for (const each of paths.filter((name) => name.includes('lab.sqlite')))
      expect(statSync(each).mode & 0o777, each).toBe(0o600);
  });

  it('are nowhere on the PCs but where the playbook wanted them', () => {
    for (const { name } of sim.pcs) {
      const root = `/proc/${sim.supervisorPid}/root${sim.folder}/ram/${name}/upper`;
      const found = spawnSync('grep', ['-rlaF', '-D', 'skip', '-f', '-', root], {
        encoding: 'utf8',
        input: Object.values(all()).join('\n'),
      });
      const places = found.stdout
        .split('\n')
        .filter(Boolean)
        .map((each) => each.slice(root.length));
      expect(
        places.filter((each) => !/^\/(?:srv\/|etc\/shadow|home\/labadmin\/\.ssh\/)/.test(each)),
      ).toEqual([]);
    }
  });

  it('are in no file of the account that rolled out', () => {
    const found = spawnSync('grep', ['-rlaF', '-f', '-', path('home')], {
      encoding: 'utf8',
      input: Object.values(all()).join('\n'),
    });
    expect(found.stdout).toBe('');
  });
});
