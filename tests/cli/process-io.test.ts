import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

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

describe('a reader that goes away', () => {
  it.each(['stderr', 'stdout'] as const)(
    'from %s neither ends the run nor changes its exit code',
    async (stream) => {
      // A lock file of its own: this machine is the host, and other tests are at work on it.
      const env = { ...process.env, LOGNAME: `lab-io-${stream}` };
      // Both hosts are this machine: one holds it, the other is refused at once, which progress tells.
      const work = `sleep 1; echo x >> ${folder}/done; exit 3`;
      const words = ['run', 'all', '-i', 'hosts.yaml', '--', work];
      const child = spawn(process.execPath, [program, ...words], { cwd: folder, env, stdio: 'pipe' });
      child[stream].destroy();
      child.stdout.resume();
      child.stderr.resume();
      const [code] = await once(child, 'exit');
      expect({ code, done: existsSync(join(folder, 'done')) }).toEqual({ code: 2, done: true });
    },
  );
});
