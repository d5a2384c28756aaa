import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { sh } from '../../src/model/command.ts';
import { openConnection } from '../../src/transport/open-connection.ts';
import { type Session, sessionsBusy } from '../../src/transport/session.ts';
import { makeHost } from '../helpers/make-host.ts';

/** A host that lets `most` processes run at once, each of which ends before any refusal is answered. */
function sessionThatLets(most: number): Session & { started: number } {
  let running = 0;
  const session = {
    user: 'root',
    started: 0,
    lost: () => undefined,
    close: async () => {},
    async start() {
      if (running >= most) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        throw sessionsBusy;
      }
      running += 1;
      session.started += 1;
      const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
      const ended = Promise.resolve().then(() => {
        running -= 1;
        stdout.end();
        stderr.end();
        return { exitCode: 0, signal: null };
      });
      return { stdin, stdout, stderr, exited: ended, ended, stop: () => {} };
    },
  };
  return session;
}

const secrets = { becomePassword: async () => undefined } as never;

describe('a host that takes no more at once', () => {
  it('is asked again when all that ran had ended before its refusal was read', async () => {
    const session = sessionThatLets(2);
    const connection = openConnection(makeHost('pc01'), session, secrets);
    const all = Array.from({ length: 12 }, () => connection.exec(sh`true`));
    for (const { exitCode } of await Promise.all(all)) expect(exitCode).toBe(0);
    expect(session.started).toBe(12);
  });

  it('is given up when it refuses a command that is alone', async () => {
    const connection = openConnection(makeHost('pc01'), sessionThatLets(0), secrets);
    const both = [connection.exec(sh`true`), connection.exec(sh`true`)];
    for (const { reason } of (await Promise.allSettled(both)) as PromiseRejectedResult[])
      expect(reason).toMatchObject({ message: 'pc01 lets nothing be run' });
  });
});
