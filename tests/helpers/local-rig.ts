import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TargetHolder } from '../../src/engine/target-lock.ts';
import type { Connect } from '../../src/model/connection.ts';
import type { Host } from '../../src/model/host.ts';
import { createConnect } from '../../src/transport/connect.ts';
import { makeHost } from './make-host.ts';

/** A host that is this machine itself, reached through the real local connection. */
export function makeLocalHost(name = 'here'): Host {
  const host = makeHost(name);
  return { ...host, connection: { ...host.connection, kind: 'local' } };
}

/** Real local connections whose /run/lock is a folder below `folder`, one for each host: a test must not meet other runs on this machine. */
export function openLocalRig(folder: string): { connect: Connect; close(): Promise<void> } {
  const { connect, close } = createConnect({
    knownHostsFile: join(folder, 'known_hosts'),
    userKnownHostsFiles: [],
    hostKeyCheck: 'strict',
    defaultUser: 'nobody',
    keyFiles: [],
    secrets: {
      password: async () => undefined,
      becomePassword: async () => undefined,
      passphrase: async () => undefined,
    },
    controlFolder: folder,
  });
  return {
    close,
    connect: async (host, signal) => {
      const locks = join(folder, `lock-${host.name}`);
      mkdirSync(locks, { recursive: true });
      chmodSync(locks, 0o1777);
      const connection = await connect(host, signal);
      const moved = (text: string) => text.replaceAll('/run/lock', locks);
      return {
        ...connection,
        exec: (command, options) =>
          connection.exec(
            { ...command, script: moved(command.script), shown: moved(command.shown) },
            options,
          ),
        [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
      };
    },
  };
}

/** Somebody who runs something. */
export const someHolder: TargetHolder = {
  who: 'Li Lei <lilei@office>',
  since: '2026-09-01T08:50:00.000Z',
  run: '20260901-085000-k3f',
  nonce: 'c0ffee',
};
