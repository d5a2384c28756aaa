import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const program = join(import.meta.dirname, '../../src/cli/bin.ts');
const account = 'lab-play-stops';

describe('Ctrl-C in lab play', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-play-stops-'));
    writeFileSync(
      join(folder, 'hosts.yaml'),
      'all: { hosts: { here: }, vars: { ansible_connection: local } }\n',
    );
    // The task comes to its end by itself only when somebody writes "go".
    const wait = `echo $$ > ${folder}/begun; until [ -e ${folder}/go ]; do sleep 0.1; done`;
    const task = { name: 'Long', shell: wait };
    const next = { name: 'Next', command: `touch ${folder}/next` };
    const plays = [{ hosts: 'all', gather_facts: false, tasks: [task, next] }];
    writeFileSync(join(folder, 'site.yml'), JSON.stringify(plays));
  });
  afterEach(() => {
    writeFileSync(join(folder, 'go'), '');
    rmSync(folder, { recursive: true, force: true });
    rmSync(`/run/lock/labkit-${account}.lock`, { force: true });
  });

  function start() {
    const child = spawn(process.execPath, [program, 'play', 'site.yml', '-i', 'hosts.yaml'], {
      cwd: folder,
      env: { ...process.env, LOGNAME: account },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    child.stderr.on('data', (bytes) => {
      told += String(bytes);
    });
    const gone = once(child, 'exit');
    const begun = () => vi.waitUntil(() => existsSync(join(folder, 'begun')), { timeout: 60_000 });
    const heard = () => vi.waitUntil(() => told.includes('stopping:'), { timeout: 60_000 });
    return { child, gone, begun, heard };
  }

  it('lets what runs come to its end and begins nothing more', async () => {
    const { child, gone, begun, heard } = start();
    await begun();
    child.kill('SIGINT');
    await heard();
    writeFileSync(join(folder, 'go'), '');
    expect(await gone).toEqual([130, null]);
    expect(existsSync(join(folder, 'next'))).toBe(false);
  }, 120_000);

  it('ends what runs when it is pressed again', async () => {
    const { child, gone, begun, heard } = start();
    await begun();
    child.kill('SIGINT');
    await heard();
    child.kill('SIGINT');
    expect(await gone).toEqual([130, null]);
    const pid = Number(readFileSync(join(folder, 'begun'), 'utf8'));
    const isRunning = () => existsSync(`/proc/${pid}`);
    await vi.waitUntil(() => !isRunning(), { timeout: 60_000 });
    expect(existsSync(join(folder, 'next'))).toBe(false);
  }, 120_000);
});
