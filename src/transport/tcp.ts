import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { socketTrouble } from './reach.ts';

/** Opens a TCP connection, trying a name's addresses in turn; throws `Unreachable`. An IP address is never looked up. The caller's signal ends it with the signal's reason. */
export async function openTcp(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const where = `${host}:${port}`;
  const addresses = isIP(host) ? [host] : await addressesOf(host, signal);
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

async function addressesOf(host: string, signal: AbortSignal): Promise<string[]> {
  const found = lookup(host, { all: true }).catch((error: unknown) => {
    throw socketTrouble(host, error);
  });
  const addresses = await orAborted(found, signal);
  return addresses.map(({ address }) => address);
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
