import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type DnsmasqChange, superviseDnsmasq } from '../../../src/netboot/dnsmasq/supervise.ts';
import { canServe } from '../../helpers/can-serve.ts';

/** A dnsmasq that takes no port that anybody could want. */
const idle = 'port=0\ninterface=lo\nbind-interfaces\nuser=root\npid-file\n';
const superviser = join(import.meta.dirname, '../../helpers/programs/supervise-dnsmasq.ts');

async function until(holds: () => boolean): Promise<void> {
  for (let left = 200; !holds(); left--) {
    if (left === 0) throw new Error('it did not come about in 10 seconds');
    await wait(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function withConfig(text: string, use: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'labkit-dnsmasq-'));
  try {
    writeFileSync(join(folder, 'dnsmasq.conf'), text);
    await use(join(folder, 'dnsmasq.conf'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!canServe('dnsmasq'))('a supervised dnsmasq', () => {
  const options = (configFile: string, changes: DnsmasqChange[]) => ({
    ...{ program: 'dnsmasq', configFile, env: process.env, firstWaitMs: 10 },
    onLine: () => undefined,
    onChange: (change: DnsmasqChange) => changes.push(change),
  });

  it('is known by its process from the moment it serves, whichever is heard first', async () => {
    await withConfig('', async (file) => {
      // The shell that tells the number is held back until "started" has long been said.
      const program = join(dirname(file), 'dnsmasq');
      // What lets it go on is begun first: the program is ended as soon as both were heard.
      const lines = ['#!/bin/sh', '(sleep 0.3; kill -CONT $PPID) >/dev/null 2>&1 &'];
      const more = ['kill -STOP $PPID', 'echo "started, version 0" >&2', 'exec sleep 60'];
      writeFileSync(program, `${[...lines, ...more].join('\n')}\n`, { mode: 0o755 });
      const changes: DnsmasqChange[] = [];
      await using dnsmasq = await superviseDnsmasq({ ...options(file, changes), program });
      expect(dnsmasq.pid()).toBeGreaterThan(0);
      expect(changes).toEqual([{ type: 'started', pid: dnsmasq.pid() }]);
    });
  });

  it('is started anew whenever it dies, and is gone when it is told to end', async () => {
    await withConfig(idle, async (file) => {
      const changes: DnsmasqChange[] = [];
      const pids: number[] = [];
      {
        await using dnsmasq = await superviseDnsmasq(options(file, changes));
        for (let round = 1; round <= 3; round++) {
          const pid = dnsmasq.pid();
          pids.push(pid);
          process.kill(pid, 'SIGKILL');
          await until(() => changes.filter(({ type }) => type === 'started').length > round);
        }
        pids.push(dnsmasq.pid());
        expect(isAlive(dnsmasq.pid())).toBe(true);
      }
      expect(new Set(pids).size).toBe(4);
      expect(pids.filter(isAlive)).toEqual([]);
      expect(changes[1]).toEqual({ type: 'died', why: 'ended by signal 9', againInMs: 10 });
      expect(
        changes
          .filter(({ type }) => type === 'died')
          .map((one) => 'againInMs' in one && one.againInMs),
      ).toEqual([10, 20, 40]);
    });
  });

  it('that does not start says why in its own words', async () => {
    await withConfig(`${idle}no-such-word\n`, async (file) => {
      await expect(superviseDnsmasq(options(file, []))).rejects.toThrow(
        /dnsmasq did not start: ended with exit code 1: .*bad option/,
      );
    });
    const absent = { ...options('/nowhere', []), program: 'no-such-dnsmasq' };
    await expect(superviseDnsmasq(absent)).rejects.toMatchObject({
      kind: 'environment',
      hint: 'apt-get install dnsmasq-base',
    });
  });

  it('does not outlive the program that started it, even when that is killed', async () => {
    await withConfig(idle, async (file) => {
      const child = spawn(process.execPath, [superviser, file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(createInterface({ input: child.stdout }), 'line');
      const pid = Number(line);
      expect(isAlive(pid)).toBe(true);
      child.kill('SIGKILL');
      await until(() => !isAlive(pid));
    });
  });
});
