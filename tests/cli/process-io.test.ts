import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runLab } from '../helpers/memory-io.ts';

const program = join(import.meta.dirname, '../../src/cli/bin.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-io-'));
  writeFileSync(
    join(folder, 'hosts.yaml'),
    'all: { hosts: { here: , there: }, vars: { ansible_connection: local } }\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

afterAll(() => {
  for (const name of ['stderr', 'stdout', 'run'])
    rmSync(`/run/lock/labkit-lab-io-${name}.lock`, { force: true });
});

describe('a reader that goes away', () => {
  it.each(['stderr', 'stdout'] as const)(
    'from %s neither ends the run nor changes its exit code',
    async (stream) => {
      // A lock file of its own: this machine is the host, and other tests are at work on it.
      const env = { ...process.env, LOGNAME: `lab-io-${stream}` };
      // Both hosts are this machine: one holds it, the other is refused at once, which progress tells.
      const work = `sleep 1; echo x >> ${folder}/done; exit 3`;
      const words = ['run', 'all', '-i', 'hosts.yaml', '--', work];
      const child = spawn(process.execPath, [program, ...words], {
        cwd: folder,
        env,
        stdio: 'pipe',
      });
      child[stream].destroy();
      child.stdout.resume();
      child.stderr.resume();
      const [code] = await once(child, 'exit');
      expect({ code, done: existsSync(join(folder, 'done')) }).toEqual({ code: 2, done: true });
    },
  );
});

describe('lab run', () => {
  // A lock file of its own, as above.
  beforeEach(() => {
    vi.stubEnv('LOGNAME', 'lab-io-run');
  });
  afterEach(() => vi.unstubAllEnvs());
  const lab = (...args: string[]) =>
    runLab(['run', 'here', '-i', 'hosts.yaml', ...args, '--', `echo x >> ${folder}/done`], {
      cwd: folder,
    });

  it('does nothing whose report would have no place', async () => {
    const ran = await lab('--output-file', 'no/such/report.txt');
    expect(ran.exitCode).toBe(7);
    expect(ran.stderr).toContain('cannot write no/such/report.txt: the folder does not exist');
    expect(existsSync(join(folder, 'done'))).toBe(false);
  });

  it('says with --verbose where the run is kept', async () => {
    const { stderr } = await lab('--verbose');
    expect(stderr).toMatch(/^run \S+, kept in \S+\/\.lab\n/);
    expect((await lab()).stderr).not.toContain('kept in');
  });
});
