import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockOnTarget, parseTargetLock, type TargetHolder } from '../../src/engine/target-lock.ts';
import { type Command, sh } from '../../src/model/command.ts';
import { LabError } from '../../src/model/lab-error.ts';

const shells = [['dash'], ['bash'], ['busybox', 'sh'], ['mksh']].filter(
  ([program = '']) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);

const isRoot = process.getuid?.() === 0;
const hasStrace = spawnSync('strace', ['-V']).status === 0;

let folder = '';
let lockFile = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labkit-target-'));
  chmodSync(folder, 0o1777);
  lockFile = join(folder, 'labkit-tester.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const firstRun = '20260901-085000-k3f';

function holder(who = 'Li Lei', nonce = 'n1', run = firstRun): TargetHolder {
  return { who, since: '2026-09-01T08:50:00.000Z', run, nonce };
}

/** Somebody else's run. */
const stranger = () => holder('Han Meimei', 'n2', '20260901-085900-x1y');

/** The wrapped script with a folder of its own as /run/lock, so that nobody else's run on this machine matters. */
function wrap(command: Command, by: TargetHolder): string {
  return lockOnTarget(command, by).script.replaceAll('/run/lock', folder);
}

function runLocked(
  script: string,
  by = holder(),
  shell: readonly string[] = ['sh'],
  env: NodeJS.ProcessEnv = process.env,
) {
  const wrapped = wrap({ shell: 'sh', script, shown: script }, by);
  const [program = 'sh', ...words] = shell;
  const { status, stdout, stderr } = spawnSync(program, [...words, '-c', wrapped], {
    encoding: 'utf8',
    env: { ...env, LOGNAME: 'tester' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, stdout, stderr };
}

/** Starts a holder that waits until its file is removed. */
async function hold(by: TargetHolder, shell: readonly string[] = ['sh']) {
  const flag = join(folder, 'hold');
  const [program = 'sh', ...words] = shell;
  writeFileSync(flag, '');
  const command = sh`echo begun; while [ -e ${flag} ]; do sleep 0.02; done`;
  const child = spawn(program, [...words, '-c', wrap(command, by)], {
    detached: true,
    env: { ...process.env, LOGNAME: 'tester' },
  });
  await once(child.stdout, 'data');
  const end = async () => {
    rmSync(flag, { force: true });
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { child, end };
}

it('is tested with at least dash and bash', () => {
  expect(shells.map(([name]) => name)).toEqual(expect.arrayContaining(['dash', 'bash']));
});

describe.each(shells)('lockOnTarget under %s %s', (...shell) => {
  const words = shell.filter(Boolean);
  it('leaves output, input, exit code and parameters of the command as they were', () => {
    expect(runLocked('echo out; echo err >&2; exit 7', holder(), words)).toEqual({
      status: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(runLocked('echo "$#"', holder(), words).stdout).toBe('0\n');
    expect(runLocked("kill -TERM $(sh -c 'echo $PPID'); echo no", holder(), words).stdout).toBe('');
  });

  it('survives a command that is no shell at all', () => {
    const { status, stdout } = runLocked('if then ((( fi', holder(), words);
    expect([status !== 0, stdout]).toEqual([true, '']);
    expect(runLocked('echo again', holder(), words).stdout).toBe('again\n');
  });

  it('tells the second run who is first and since when, and runs nothing', async () => {
    const first = await hold(holder('王芳 <wang@school>'));
    const second = runLocked('echo ran', stranger(), words);
    await first.end();
    expect(second).toMatchObject({ status: 75, stdout: '' });
    expect(() => parseTargetLock(second.stderr, stranger())).toThrow(
      `locked by 王芳 <wang@school> (since 2026-09-01T08:50:00.000Z, run 20260901-085000-k3f, process ${first.child.pid} there)`,
    );
    expect(runLocked('echo ran', holder(), words).stdout).toBe('ran\n');
  });

  it('is held once by a run that knows the machine by several names', async () => {
    const first = await hold(holder());
    const second = runLocked('echo ran', holder('Li Lei', 'n2'), words);
    await first.end();
    expect(second).toMatchObject({ status: 0, stdout: 'ran\n' });
    expect(parseTargetLock(second.stderr, holder('Li Lei', 'n2'))).toMatchObject({ lock: 'none' });
  });

  it('runs without a lock, and says so, where flock is missing', () => {
    const by = holder();
    // A PATH with nothing in it: what the shell has built in is left.
    const { status, stdout, stderr } = runLocked(
      'echo "ran $#"; exit 3',
      by,
      [`/usr/bin/${words[0]}`, ...words.slice(1)],
      { PATH: folder },
    );
    if (words[0] === 'busybox') return expect(stdout).toBe('ran 0\n');
    expect([status, stdout]).toEqual([3, 'ran 0\n']);
    expect(parseTargetLock(stderr, by)).toEqual({
      lock: 'none',
      why: 'flock is missing on the host',
      stderr: '',
    });
  });
});

describe('the lock on the target', () => {
  it('is free again when the holder was killed with -9', async () => {
    const first = await hold(holder());
    expect(runLocked('echo ran', stranger()).status).toBe(75);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    expect(runLocked('echo ran').stdout).toBe('ran\n');
    await first.end();
  });

  it('is not kept by a daemon that the command leaves behind', () => {
    const flag = join(folder, 'daemon');
    writeFileSync(flag, '');
    const daemon = sh`(while [ -e ${flag} ]; do sleep 0.02; done) >/dev/null 2>&1 & echo started`;
    expect(runLocked(daemon.script).stdout).toBe('started\n');
    expect(runLocked('echo ran').stdout).toBe('ran\n');
    rmSync(flag);
  });

  it('leaves no note behind', () => {
    runLocked('true');
    const left = readdirSync(join(lockFile, '..')).filter((name) =>
      name.startsWith('labkit-tester.lock.'),
    );
    expect(left).toEqual([]);
  });

  it.runIf(isRoot)(
    'cannot be held by another login: a pupil on the PC keeps no technician out',
    async () => {
      writeFileSync(lockFile, '', { mode: 0o666 });
      chownSync(lockFile, 65534, 65534);
      const pupil = spawn('setpriv', [
        '--reuid=65534',
        '--clear-groups',
        'flock',
        lockFile,
        'sh',
        '-c',
        'echo held; sleep 30',
      ]);
      await once(pupil.stdout, 'data');
      const { stdout, stderr } = runLocked('echo ran');
      pupil.kill('SIGKILL');
      expect(stdout).toBe('ran\n');
      expect(parseTargetLock(stderr, holder())).toMatchObject({
        lock: 'none',
        why: expect.stringContaining('cannot be used'),
      });
    },
  );

  it('is a file that only its login may open', () => {
    runLocked('true');
    expect(statSync(lockFile).mode & 0o777).toBe(0o600);
  });

  // With fs.protected_regular (proc_sys_fs(5)) an open with O_CREAT fails there even for root.
  it.runIf(hasStrace)('opens a lock file that is there without O_CREAT', () => {
    runLocked('true');
    const { stderr } = runLocked('true', holder(), [
      'strace',
      '-f',
      '-e',
      'trace=open,openat',
      'sh',
    ]);
    const opens = stderr.split('\n').filter((line) => line.includes('labkit-tester.lock"'));
    expect(opens).not.toEqual([]);
    expect(opens.filter((line) => line.includes('O_CREAT'))).toEqual([]);
  });

  it('follows no link that somebody planted in its place', () => {
    rmSync(lockFile, { force: true });
    spawnSync('ln', ['-s', join(folder, 'elsewhere'), lockFile]);
    const { stdout, stderr } = runLocked('echo ran');
    rmSync(lockFile, { force: true });
    expect(stdout).toBe('ran\n');
    expect(parseTargetLock(stderr, holder())).toMatchObject({
      lock: 'none',
      why: expect.stringContaining('cannot be used'),
    });
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  });
});

describe('parseTargetLock', () => {
  it('does not take the words of another command for its own', () => {
    const forged = 'labkit-lock-guess busy me\nlabkit-lock-n1x none x\n';
    expect(parseTargetLock(forged, holder())).toEqual({ lock: 'held', why: '', stderr: forged });
  });

  it('removes its own line and nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const head = before === '' ? '' : `${before.replaceAll('labkit-lock', '')}\n`;
        const read = parseTargetLock(`${head}labkit-lock-n1 none because\n${after}`, holder());
        expect(read).toEqual({ lock: 'none', why: 'because', stderr: head + after });
      }),
    );
  });

  it('refuses without a name when the note could not be read', () => {
    expect(() => parseTargetLock('labkit-lock-n1 busy  \n', holder())).toThrow(LabError);
    expect(() => parseTargetLock('labkit-lock-n1 busy  \n', holder())).toThrow(
      'locked by another run',
    );
  });
});
