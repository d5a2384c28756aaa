import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { basePath, loadMirror } from '../../sim/base.ts';
import { missingHere } from '../../sim/missing.ts';
import type { Connection } from '../../src/model/connection.ts';
import { processOfChild } from '../../src/transport/local-session.ts';
import { openConnection } from '../../src/transport/open-connection.ts';
import { makeHost } from './make-host.ts';

/** A Debian system of its own, alive until it is closed or this process ends: files, processes and network (loopback only) vanish with it. */
export interface ThrowawayRoot {
  connect(): Promise<Connection>;
  /** Runs a script in it as root. */
  run(script: string): { exitCode: number; output: string };
  /** One line for each file and folder that differs from the base: type, mode, owner, size, time, link, digest, path. */
  tree(): string;
  close(): Promise<void>;
}

/** What a root is made with. */
export interface RootOptions {
  /** What /bin/sh is; `busybox` also takes the place of coreutils. Default dash with coreutils. */
  readonly sh?: 'dash' | 'bash' | 'busybox';
  readonly env?: { readonly [name: string]: string };
  /** What it lies over instead of the base system; '/' for the programs of this machine. */
  readonly base?: string;
}

/** Why no root can be made here; '' where it can. */
export function rootsMissing(): string {
  const missing = missingHere();
  if (missing !== '') return missing;
  const base = basePath(loadMirror());
  return existsSync(base) ? '' : `${base} is not built: node sim/cli.ts up builds it`;
}

const missing = rootsMissing();
const inCi = process.env['CI'] === 'true';

/** A `describe` for tests in throw-away roots: skipped aloud where none can be made, failing there in CI. */
export const describeInRoots = describe.skipIf(missing !== '' && !inCi);
if (missing !== '' && !inCi) console.warn(`SKIPPED, not tested: throw-away roots (${missing})`);

const here = new URL('../../sim/pc/', import.meta.url).pathname;

/** Runs as the first process of the namespaces; the root is gone when its input ends. */
const makeScript = `set -e
read -r pid _ </proc/self/stat
mount -t tmpfs -o mode=755 throwaway /mnt
cd /mnt; mkdir -m 755 upper work root
mkdir -p upper/usr/bin upper/usr/local/lib/labkit-sim
mkdir -p upper/var; mkdir -m 1777 upper/tmp upper/var/tmp
cp "$2"* upper/usr/local/lib/labkit-sim/
cp "$2systemctl" "$2timedatectl" upper/usr/bin/
case $3 in
dash) ;;
bash) ln -s bash upper/usr/bin/sh ;;
busybox) mkdir -p upper/opt/busybox
cp "$(command -v busybox)" upper/usr/bin/busybox
for applet in $(busybox --list); do ln -s /usr/bin/busybox "upper/opt/busybox/$applet"; done
ln -s busybox upper/usr/bin/sh ;;
esac
mount -t overlay -o "lowerdir=$1,upperdir=upper,workdir=work" overlay root
mount -t proc proc root/proc
[ -c root/dev/null ] || mount --rbind /dev root/dev
mount -t tmpfs -o mode=1777 shm root/dev/shm
mount -t tmpfs -o mode=755 run root/run
mkdir -p root/run/systemd/system root/run/sshd root/run/lock
chmod 1777 root/run/lock
ip link set lo up
echo pc >/proc/sys/kernel/hostname
echo "$pid"
read -r _ || :`;

/** Makes a root over the base system of the simulated PCs. */
export async function openThrowawayRoot(options: RootOptions = {}): Promise<ThrowawayRoot> {
  const namespaces = '--mount --propagation private --pid --fork --kill-child --net --ipc --uts';
  const child = spawn(
    'unshare',
    [
      ...namespaces.split(' '),
      ...[
        'sh',
        '-c',
        makeScript,
        'sh',
        options.base ?? basePath(loadMirror()),
        here,
        options.sh ?? 'dash',
      ],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const pid = await firstLine(child);
  const into = ['nsenter', '-t', pid, '-m', '-p', '-n', '-i', '-u', '--'];
  const paths = options.sh === 'busybox' ? { PATH: '/opt/busybox' } : {};
  const environment = Object.entries({ ...login, ...paths, ...options.env }).map(
    ([k, v]) => `${k}=${v}`,
  );
  const chroot = ['chroot', '/mnt/root', '/usr/bin/env', '-i', '-C', '/root', ...environment];
  const call = (words: readonly string[], input = '') => {
    const [program = '', ...rest] = [...into, ...words];
    const done = spawnSync(program, rest, { input, encoding: 'utf8', maxBuffer: 1e8 });
    return { exitCode: done.status ?? -1, output: done.stdout + done.stderr };
  };
  return {
    connect: async () => connectionInto([...into, ...chroot, '/bin/sh', '-c']),
    run: (script) => call([...chroot, '/bin/sh', '-c', `PATH=$PATH:/usr/sbin:/sbin\n${script}`]),
    tree: () => call(['sh', '-c', treeScript]).output,
    async close() {
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.stdin?.end();
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** What sshd and sudo leave of an environment. */
const login = {
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  PATH: '/usr/local/bin:/usr/bin:/bin',
};

/** Contents by their digest; folders that merely hold something that came and went are left out by their time alone. */
const treeScript = `cd /mnt/upper && find . -printf '%y %m %U:%G %s %T@ %l %p\\n' | sed 's/^\\(d [^ ]* [^ ]*\\) [^ ]* [^ ]*/\\1/' | sort -k6
find . -type f -exec sha1sum {} + | sort -k2`;

async function firstLine(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.on('data', (bytes) => {
    said += bytes;
  });
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (bytes) => resolve(String(bytes).trim()));
    child.once('close', () => reject(new Error(`no throw-away root: ${said}`)));
  });
}

function connectionInto(words: readonly string[]): Connection {
  const running = new Set<ChildProcess>();
  const secret = async () => undefined;
  const secrets = { password: secret, becomePassword: secret, passphrase: secret };
  const session = {
    user: 'root',
    lost: () => undefined,
    async start(line: string) {
      const [program = '', ...rest] = words;
      const child = spawn(program, [...rest, line], { stdio: 'pipe', detached: true });
      running.add(child);
      child.once('close', () => running.delete(child));
      return processOfChild(child, () => stop(child));
    },
    async close() {
      for (const child of running) stop(child);
    },
  };
  return openConnection(makeHost('pc'), session, secrets);
}

function stop(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}
