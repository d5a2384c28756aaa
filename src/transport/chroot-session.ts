import { spawn } from 'node:child_process';
import type { Connection } from '../model/connection.ts';
import type { Host } from '../model/host.ts';
import { processOfChild } from './local-session.ts';
import { openConnection } from './open-connection.ts';
import type { Process, Session } from './session.ts';

/** Opens a connection into a folder that holds a system which does not run (chroot(2)): each command has its own processes and mounts, which are gone with it. Only for root. */
export function connectToRoot(host: Host, root: string): Connection {
  const none = async () => undefined;
  const secrets = { password: none, becomePassword: none, passphrase: none };
  return openConnection(host, openRoot(root), secrets);
}

/** The mounts are made inside the new namespaces; nothing of them is seen outside. */
const enter =
  'mount -t proc proc "$0/proc" && mount -t tmpfs -o mode=1777 tmpfs "$0/dev/shm" && exec chroot "$0" "$@"';
const inside = [
  ...['/usr/bin/env', '-i', 'HOME=/root', 'USER=root', 'LOGNAME=root', 'SHELL=/bin/bash'],
  ...['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8'],
  ...['DEBIAN_FRONTEND=noninteractive', '/bin/sh', '-c'],
];

function openRoot(root: string): Session {
  const running = new Set<Process>();
  const spaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  return {
    user: 'root',
    lost: () => undefined,
    async start(line) {
      const args = [...spaces, '--', 'sh', '-c', enter, root, ...inside, line];
      const child = spawn('unshare', args, { stdio: 'pipe', detached: true });
      const process = processOfChild(child, () => child.kill('SIGKILL'));
      running.add(process);
      const forget = (): void => void running.delete(process);
      process.ended.then(forget, forget);
      return process;
    },
    async close() {
      for (const process of running) process.stop();
      await Promise.allSettled([...running].map(({ ended }) => ended));
    },
  };
}
