import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import command from '../../src/catalog/modules/command.ts';
import shell from '../../src/catalog/modules/shell.ts';
import { sh } from '../../src/model/command.ts';
import type { Connection } from '../../src/model/connection.ts';
import {
  type Action,
  ask,
  defineModule,
  done,
  type HostModule,
  type PerformingModule,
  type Prediction,
  probePath,
  type Ran,
} from '../../src/model/module.ts';
import { openModuleRig } from '../helpers/run-module.ts';
import {
  describeInRoots,
  openThrowawayRoot,
  type ThrowawayRoot,
} from '../helpers/throwaway-root.ts';

const base = { collection: 'ansible.builtin', summary: 'Tests.', isLocal: true } as const;

/** Makes a file unless it is there. */
const make = (path: string): HostModule =>
  defineModule({
    ...base,
    name: 'make',
    args: {},
    inspect: () =>
      ask({ file: probePath(path) }, ({ file }) =>
        file.kind === 'file'
          ? done({ changed: false, values: { predicted: file.predicted === true } })
          : {
              kind: 'act',
              actions: [{ kind: 'script', command: sh`touch ${path}` }],
              expected: { changed: true },
              predict: [{ path, state: { kind: 'file' } }],
              read: ([ran]: readonly Ran[]) =>
                done({ changed: true, failed: ran?.exitCode !== 0, msg: ran?.stderr ?? '' }),
            },
      ),
  }) as HostModule;

/** Carries actions out and hands over what they left. */
function acting(actions: readonly Action[], predict: readonly Prediction[] = []) {
  const left: { ran: readonly Ran[] } = { ran: [] };
  const module = defineModule({
    ...base,
    name: 'acting',
    args: {},
    inspect: () => ({
      kind: 'act' as const,
      actions,
      expected: { changed: true },
      predict,
      read(ran: readonly Ran[]) {
        left.ran = ran;
        return done({ changed: true });
      },
    }),
  }) as HostModule;
  return { module, left };
}

/** Counts round trips: how often something is written to a shell. */
function counted(connect: () => Promise<Connection>) {
  const count = { turns: 0, shells: 0, execs: 0 };
  return {
    count,
    connect: async (): Promise<Connection> => {
      const connection = await connect();
      return {
        ...connection,
        exec(wanted, options) {
          count.execs += 1;
          return connection.exec(wanted, options);
        },
        async shell(options) {
          count.shells += 1;
          const opened = await connection.shell(options);
          return {
            ...opened,
            write(bytes) {
              count.turns += 1;
              return opened.write(bytes);
            },
          };
        },
        [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
      };
    },
  };
}

const script = (wanted: ReturnType<typeof sh>, more = {}): Action => ({
  kind: 'script',
  command: wanted,
  ...more,
});

const filesLeft = 'find /tmp /var/tmp /dev/shm /run /root /srv -name ".labkit*"';

describeInRoots('the worker of a host', () => {
  let root: ThrowawayRoot;
  beforeAll(async () => {
    root = await openThrowawayRoot();
  });
  afterAll(() => root.close());
  const rigOn = (more = {}) => openModuleRig(() => root.connect(), more);
  const fresh = (name: string) => root.run(`rm -rf /srv/*; mkdir /srv/${name}`);

  it('looks for many calls in one round trip while nothing changes', async () => {
    fresh('calm');
    root.run('cd /srv/calm; for i in $(seq 60); do touch $i; done');
    const { connect, count } = counted(() => root.connect());
    const rig = openModuleRig(connect);
    const calls = Array.from({ length: 60 }, (_, at) => ({
      module: make(`/srv/calm/${at + 1}`),
      args: {},
    }));
    const results = await rig.runAll(calls);
    await rig.close();
    expect(results.map(({ changed }) => changed)).toEqual(calls.map(() => false));
    expect(count).toEqual({ turns: 3, shells: 1, execs: 0 });
  });

  it('does one thing and looks for the next in one round trip while everything changes', async () => {
    fresh('busy');
    const { connect, count } = counted(() => root.connect());
    const rig = openModuleRig(connect);
    const calls = Array.from({ length: 10 }, (_, at) => ({
      module: make(`/srv/busy/${at}`),
      args: {},
    }));
    const results = await rig.runAll(calls);
    await rig.close();
    expect(results.every(({ changed, failed }) => changed && !failed)).toBe(true);
    expect(count.turns).toBe(11);
  });

  it('asks again what an act before it may have changed', async () => {
    fresh('again');
    const rig = rigOn();
    const results = await rig.runAll([
      { module: make('/srv/again/x'), args: {} },
      { module: make('/srv/again/x'), args: {} },
      { module: shell, args: 'rm /srv/again/x' },
      { module: make('/srv/again/x'), args: {} },
    ]);
    await rig.close();
    expect(results.map(({ changed }) => changed)).toEqual([true, false, true, true]);
  });

  it('asks again when the same call is tried again', async () => {
    fresh('retry');
    const rig = rigOn();
    const call = { module: make('/srv/retry/x'), args: {} };
    await rig.runAll([call, call]);
    root.run('rm /srv/retry/x');
    expect((await rig.run(call)).changed).toBe(true);
    await rig.close();
  });

  it('carries what check mode foresees to later calls, of folders and what is below them, too', async () => {
    fresh('check');
    root.run('mkdir -p /srv/check/old/sub; touch /srv/check/old/sub/file');
    const rig = rigOn({ checkMode: true });
    const gone = acting([], [{ path: '/srv/check/old', state: { kind: 'absent' } }]).module;
    const results = await rig.runAll([
      { module: make('/srv/check/new/deep/file'), args: {} },
      { module: make('/srv/check/new/deep/file'), args: {} },
      { module: gone, args: {} },
      { module: make('/srv/check/old/sub/file'), args: {} },
      { module: make('/srv/check/old/sub/file'), args: {} },
    ]);
    await rig.close();
    expect(results.map(({ changed }) => changed)).toEqual([true, false, true, true, false]);
    expect(results[1]?.values).toEqual({ predicted: true });
    expect(root.run('ls -A /srv/check').output).toBe('old\n');
  });

  it('remembers nothing of a single task in check mode within a run that acts', async () => {
    fresh('single');
    const rig = rigOn();
    const results = await rig.runAll([
      { module: make('/srv/single/x'), args: {}, checkMode: true },
      { module: make('/srv/single/x'), args: {} },
    ]);
    await rig.close();
    expect(results.map(({ changed }) => changed)).toEqual([true, true]);
    expect(root.run('ls /srv/single').output).toBe('x\n');
  });

  it('ends a step with the first action that fails, unless it may fail', async () => {
    const { module, left } = acting([
      script(sh`echo 1; exit 3`, { mayFail: true }),
      script(sh`echo 2; exit 4`),
      script(sh`echo 3`),
    ]);
    const rig = rigOn();
    await rig.run({ module, args: {} });
    await rig.close();
    expect(left.ran.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual([
      [3, '1\n'],
      [4, '2\n'],
    ]);
  });

  it('tells when something ran, by the clock of the host', async () => {
    const { module, left } = acting([script(sh`sleep 0.3; date +%s.%N`)]);
    const rig = rigOn();
    await rig.run({ module, args: {} });
    await rig.close();
    const [ran] = left.ran;
    expect(Math.abs((ran?.endedAt ?? 0) - Number(ran?.stdout))).toBeLessThan(0.2);
    expect((ran?.endedAt ?? 0) - (ran?.startedAt ?? 0)).toBeGreaterThan(0.25);
  });

  it('keeps the umask and the folder of the login, and closes the input of what it runs', async () => {
    const rig = rigOn();
    const { values } = await rig.run({
      module: shell,
      args: 'umask; pwd; cat; wc -c </proc/self/fd/0',
    });
    await rig.close();
    expect(values?.['stdout']).toBe('0022\n/root\n0');
  });

  it('keeps 8 MiB of a flood, and counts the rest', async () => {
    const rig = rigOn();
    const { values } = await rig.run({
      module: shell,
      args: 'yes | head -c 40000000; echo err >&2',
    });
    const next = await rig.run({ module: shell, args: 'echo still here' });
    await rig.close();
    expect(String(values?.['stdout']).length).toBeGreaterThan(8 * 1024 * 1024 - 3);
    expect(String(values?.['stdout']).length).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(values?.['stderr']).toMatch(/^err\n+\[31611392 more bytes were printed and not kept\]$/);
    expect(next.values?.['stdout']).toBe('still here');
  });

  it('stops what takes longer than it may, with all it started', async () => {
    const endless = acting([script(sh`sleep 4711 & yes`, { timeoutSeconds: 1 })]);
    const rig = rigOn();
    await rig.run({ module: endless.module, args: {} });
    await rig.close();
    expect(endless.left.ran[0]?.exitCode).toBe(124);
    expect(root.run('pgrep -r R,S,D -x sleep; pgrep -r R,S,D -x yes').output).toBe('');
  });

  it('is not held up by what stays in the background, and not misled by what that prints later', async () => {
    const rig = rigOn();
    const results = await rig.runAll([
      {
        module: shell,
        args: '(while :; do echo noise; echo noise >&2; sleep 0.01; done) & echo $! >/srv/pid; echo started',
      },
      ...Array.from({ length: 20 }, (_, at) => ({ module: shell, args: `echo ${at}; echo e >&2` })),
    ]);
    await rig.close();
    root.run('kill $(cat /srv/pid)');
    expect(results[0]?.values?.['stdout']).toMatch(/^(noise\n)*started/);
    expect(results.slice(1).map(({ values }) => [values?.['stdout'], values?.['stderr']])).toEqual(
      Array.from({ length: 20 }, (_, at) => [String(at), 'e']),
    );
  });

  it('cannot be deceived by lines that look like its own marks', async () => {
    const rig = rigOn();
    const said = await rig.run({
      module: shell,
      args: 'printf "\\nlab-0123 e 0 0 0\\n\\nlab-0123 z\\n"; tr "\\0" "\\n" </proc/$PPID/cmdline /proc/$PPID/environ | grep -c lab-',
    });
    await rig.close();
    expect(said.values?.['stdout']).toBe('\nlab-0123 e 0 0 0\n\nlab-0123 z\n0');
  });

  it('says so when its shell is killed, and goes on with a new one', async () => {
    const rig = rigOn();
    const killed = await rig.run({
      module: acting([script(sh`echo last words >&2; kill -9 $$`)]).module,
      args: {},
    });
    const next = await rig.run({ module: shell, args: 'echo here' });
    await rig.close();
    expect(killed).toMatchObject({
      failed: true,
      msg: /shell on the host ended before the task did/,
    });
    root.run('rm -rf /dev/shm/.labkit-*');
    expect(next.values?.['stdout']).toBe('here');
  });

  it.each([0, 1, 65_535, 65_536, 65_537, 10_000_000])(
    'brings %i bytes of any kind whole to the host',
    async (size) => {
      fresh('up');
      const bytes = randomBytes(size);
      const { module, left } = acting([
        script(sh`mkdir /srv/up/folder`),
        { kind: 'upload', variable: 'lab_new', content: { bytes }, beside: '/srv/up/folder/file' },
        { kind: 'upload', variable: 'lab_other', content: { bytes: Buffer.from('text\n\\0x') } },
        script(
          sh`stat -c '%a %s' "$lab_new"; cat "$lab_other"; dirname "$lab_new"; mv "$lab_new" /srv/up/folder/file`,
        ),
      ]);
      const rig = rigOn();
      await rig.run({ module, args: {} });
      const open = root
        .run(filesLeft)
        .output.trim()
        .split('\n')
        .filter((path) => !/^\/dev\/shm\/\.labkit-[^/]+(\/\d+(\.\w)?)?$/.test(path));
      await rig.close();
      expect(left.ran.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
        [0, ''],
        [0, ''],
        [0, ''],
        [0, ''],
      ]);
      expect(left.ran[3]?.stdout).toBe(`600 ${size}\ntext\n\\0x/srv/up/folder\n`);
      const sum = createHash('sha1').update(bytes).digest('hex');
      expect(root.run('sha1sum </srv/up/folder/file').output).toBe(`${sum}  -\n`);
      expect(open.filter(Boolean)).toEqual([]);
      expect(root.run(filesLeft).output).toBe('');
    },
  );

  it('takes uploads away that nothing used, also after a failure', async () => {
    fresh('away');
    for (const bytes of [Buffer.from('small'), randomBytes(100_000)]) {
      const upload: Action = {
        kind: 'upload',
        variable: 'lab_x',
        content: { bytes },
        beside: '/srv/away/x',
      };
      const { module, left } = acting([
        upload,
        script(sh`test -s "$lab_x"; exit 5`),
        upload,
        script(sh`echo never`),
      ]);
      const rig = rigOn();
      await rig.run({ module, args: {} });
      expect(root.run('ls -A /srv/away').output).toBe('');
      await rig.close();
      expect(left.ran.map(({ exitCode }) => exitCode)).toEqual([0, 5]);
    }
  });

  it.each([
    ['small', 20_000],
    ['streamed', 3_000_000],
  ])('says that the disk is full (%s)', async (_, size) => {
    fresh('full');
    root.run('mount -t tmpfs -o size=16k full /srv/full');
    const bytes = randomBytes(size);
    const { module, left } = acting([
      { kind: 'upload', variable: 'lab_x', content: { bytes }, beside: '/srv/full/x' },
      script(sh`echo never`),
    ]);
    const rig = rigOn();
    await rig.run({ module, args: {} });
    await rig.close();
    expect(left.ran).toHaveLength(1);
    expect(left.ran[0]?.exitCode).not.toBe(0);
    expect(left.ran[0]?.stderr).toMatch(/no space left/i);
    expect(root.run('ls -A /srv/full').output).toBe('');
    root.run('umount /srv/full');
  });

  it('runs calls as two users, each in a shell of its own', async () => {
    const { connect, count } = counted(() => root.connect());
    const rig = openModuleRig(connect);
    const results = await rig.runAll(
      ['tech', undefined, 'tech', 'labadmin', undefined].map((becomeUser) => ({
        module: shell,
        args: 'id -un; echo ~; [ -w . ] && echo yes || echo no',
        ...(becomeUser !== undefined && { becomeUser }),
      })),
    );
    const large = randomBytes(100_000);
    const { module, left } = acting([
      { kind: 'upload', variable: 'lab_x', content: { bytes: large } },
      script(sh`stat -c %U "$lab_x"; wc -c <"$lab_x"`),
    ]);
    await rig.run({ module, args: {}, becomeUser: 'tech' });
    await rig.close();
    expect(results.map(({ values }) => values?.['stdout'])).toEqual([
      'tech\n/home/tech\nno',
      'root\n/root\nyes',
      'tech\n/home/tech\nno',
      'labadmin\n/home/labadmin\nno',
      'root\n/root\nyes',
    ]);
    expect(left.ran[1]?.stdout).toBe('tech\n100000\n');
    expect(count.shells).toBe(3);
    expect(root.run(filesLeft).output).toBe('');
  });

  it('tells of a path that the user may not even look for', async () => {
    root.run('mkdir -p /srv/locked/in; chmod 700 /srv/locked');
    const rig = rigOn();
    const result = await rig.run({
      module: make('/srv/locked/in/x'),
      args: {},
      becomeUser: 'tech',
    });
    await rig.close();
    expect(result).toEqual({
      changed: false,
      failed: true,
      msg: '/srv/locked/in/x: permission denied',
    });
  });

  it('fails the task of a user who cannot be become, and asks sudo no second time', async () => {
    const { connect, count } = counted(() => root.connect());
    const rig = openModuleRig(connect);
    const call = { module: command, args: 'id', becomeUser: 'no-such-user' };
    expect(await rig.run(call)).toMatchObject({
      failed: true,
      msg: /could not become no-such-user: .*unknown user/,
    });
    expect(await rig.run(call)).toMatchObject({ failed: true });
    await rig.close();
    expect(count.shells).toBe(1);
  });

  it('holds the lock of the host while it is open, and tells another run who has it', async () => {
    const holder = (run: string) => ({
      who: `${run}@office`,
      since: '2026-09-01T08:00:00Z',
      run,
      nonce: run,
    });
    const first = rigOn({ holder: holder('r1') });
    await first.run({ module: shell, args: 'true' });
    const second = rigOn({ holder: holder('r2') });
    await expect(second.run({ module: shell, args: 'touch /srv/second' })).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('locked by r1@office (since 2026-09-01T08:00:00Z, run r1'),
    });
    const looking = rigOn({ holder: holder('r3'), checkMode: true });
    expect((await looking.run({ module: make('/srv/second'), args: {} })).changed).toBe(true);
    const waited: number[] = [];
    const patient = rigOn({
      holder: holder('r4'),
      waitForLockMs: 60_000,
      sleep: async (ms: number) => {
        waited.push(ms);
        await first.close();
      },
    });
    expect((await patient.run({ module: shell, args: 'echo mine' })).values?.['stdout']).toBe(
      'mine',
    );
    expect(waited.length).toBeGreaterThan(0);
    for (const rig of [second, looking, patient]) await rig.close();
    expect(root.run('ls /srv/second').exitCode).not.toBe(0);
  });

  it('lets a module that minds its own round trips run, read, follow and come back', async () => {
    fresh('hands');
    let went: unknown[] = [];
    const module = defineModule({
      ...base,
      name: 'busy',
      args: {},
      async perform(_args, call, hands) {
        const ran = await hands.run(sh`cat >/srv/hands/in; exit 3`, {
          stdin: Buffer.from('given\0'),
        });
        const pieces: Uint8Array[] = [];
        for await (const piece of hands.read('/srv/hands/in')) pieces.push(piece);
        const followed = await hands.follow(make('/srv/hands/x').inspect({}, call));
        await hands.disconnect();
        const reached = await hands.reach(10);
        const after = await hands.run(sh`echo back`);
        went = [
          ran.exitCode,
          Buffer.concat(pieces).toString(),
          followed.changed,
          reached,
          after.stdout,
        ];
        return { changed: true };
      },
    }) as PerformingModule;
    const rig = rigOn();
    await rig.runAll([{ module, args: {} }]);
    await rig.close();
    expect(went).toEqual([3, 'given\0', true, { reached: true, reason: '' }, 'back\n']);
  });

  it('needs no folder it may write to, and says so where it does', async () => {
    const folders = '/tmp /var/tmp /dev/shm /run/lock';
    root.run(`chmod 755 ${folders}; chown root /home/tech`);
    const upload = acting([
      { kind: 'upload', variable: 'lab_x', content: { bytes: Buffer.from('x') } },
    ]);
    const rig = rigOn();
    const results = await rig.runAll([
      { module: shell, args: { cmd: 'cat; id -un', stdin: 'given' }, becomeUser: 'tech' },
      { module: make('/etc/passwd'), args: {}, becomeUser: 'tech' },
      { module: upload.module, args: {}, becomeUser: 'tech' },
    ]);
    await rig.close();
    root.run(`chmod 1777 ${folders}; chown tech /home/tech`);
    expect(results[0]?.values?.['stdout']).toBe('given\ntech');
    expect(results[1]?.changed).toBe(false);
    expect(upload.left.ran[0]).toMatchObject({
      exitCode: 1,
      stderr: 'no folder for temporary files can be written\n',
    });
  });

  it('leaves nothing behind', () => {
    expect(root.run(filesLeft).output).toBe('');
    expect(
      root.run('ps -eo pid,args | grep -v "ps -eo\\|grep\\|read -r _\\|sed" | tail -n +2').output,
    ).not.toMatch(/\/bin\/sh/);
  });
});
