import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeProject, type Project, roomOf } from '../helpers/registry-project.ts';

const program = join(import.meta.dirname, '..', '..', 'src', 'cli', 'bin.ts');
const hasTmux = spawnSync('tmux', ['-V']).error === undefined;
if (!hasTmux && process.env['CI'] !== 'true')
  console.warn('SKIPPED: the questions of lab registry are not tested; install tmux');

let project: Project;
const tmux = (...args: string[]): string =>
  execFileSync('tmux', ['-S', join(project.folder, 'tmux'), ...args], { encoding: 'utf8' });

/** Waits until the screen shows it, then types an answer. */
async function answer(shown: RegExp, ...keys: string[]): Promise<void> {
  while (!shown.test(tmux('capture-pane', '-p'))) await sleep(30);
  tmux('send-keys', ...keys);
}

// In CI a missing tmux is a failure, elsewhere a skip that was announced above.
describe.skipIf(!hasTmux && process.env['CI'] !== 'true')('lab registry on a terminal', () => {
  beforeEach(() => {
    project = makeProject(roomOf(6));
    const size = ['-d', '-x', '100', '-y', '30'];
    const command = `cd '${project.folder}'; '${process.execPath}' '${program}' registry register; echo "ended with $?"; sleep 100`;
    tmux(
      '-f',
      '/dev/null',
      '-u',
      'new-session',
      ...size,
      `LANG=C.UTF-8 sh -c '${command.replaceAll("'", `'"'"'`)}'`,
    );
  });
  afterEach(() => {
    tmux('kill-server');
    project.remove();
  });

  it('asks for what is missing, proposes seat, name and address, and says at once what cannot be', async () => {
    await answer(/\? Room/, 'Enter');
    await answer(/\? Seat \(7\)/, 'Enter');
    await answer(/\? Name \(pc7\)/, 'Enter');
    await answer(/\? IP address \(10\.1\.0\.7\)/, 'Enter');
    await answer(/\? MAC address/, '00:e0:4c:zz', 'Enter');
    await answer(/not a MAC address/, 'C-u');
    await answer(/\? MAC address *\n/, '00:e0:4c:01:77:77', 'Enter');
    await answer(/\? Owner/, '李雷', 'Enter');
    await answer(/\? Staff number/, '0120', 'Enter');
    await answer(/\? Department/, 'Enter');
    await answer(/\? Telephone/, 'Enter');
    await answer(/ended with 0/, '');
    expect(readFileSync(project.file, 'utf8')).toContain(
      '        pc7:\n          mac: "00:e0:4c:01:77:77"\n          ip: 10.1.0.7\n          seat: "7"\n          owner:\n            name: 李雷\n            id: "0120"\n',
    );
  }, 60_000);
});
