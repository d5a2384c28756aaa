import { connect, type Socket } from 'node:net';
import { socketTrouble } from './reach.ts';

/** Opens a TCP connection, trying the addresses in turn; throws `Unreachable`. The caller's signal ends it with the signal's reason. */
export async function openTcp(
  where: string,
  addresses: readonly string[],
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  let trouble: unknown;
  for (const address of addresses) {
    try {
      return await dial(address, port, signal);
    } catch (error) {
      signal.throwIfAborted();
      trouble ??= error;
    }
  }
  throw socketTrouble(where, trouble);
}

function dial(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    // without Nagle's delay: a login is many small packets, each of which waits for the last
    const socket = connect({ host: address, port, noDelay: true });
    const stop = () => socket.destroy(new Error('stopped'));
    const settle = () => {
      signal.removeEventListener('abort', stop);
      socket.off('connect', opened).off('error', failed);
    };
    const opened = () => {
      settle();
      resolve(socket);
    };
    const failed = (error: unknown) => {
      settle();
      socket.on('error', () => {}).destroy();
      reject(error);
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.once('connect', opened).once('error', failed);
  });
}

/** Waits for something that cannot be stopped, but no longer than the signal allows; throws the signal's reason then. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
