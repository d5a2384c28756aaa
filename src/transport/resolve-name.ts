import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { Unreachable } from '../model/connection.ts';
import { messageOf } from './reach.ts';

/** Finds the addresses of a name, the preferred first; throws `Unreachable` 'dns'. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

/** Prepares name resolution for many hosts at once: addresses are never looked up, /etc/hosts is read once, and a question to DNS runs beside the system's resolver (getaddrinfo), which answers only two names at a time: a name without an answer must not hold up the others. */
export function prepareResolver(hostsFile = '/etc/hosts'): ResolveName {
  let listed: Promise<ReadonlyMap<string, string[]>> | undefined;
  return async (name) => {
    if (isIP(name)) return [name];
    listed ??= readFile(hostsFile, 'utf8').then(parseHosts, () => new Map());
    const fixed = (await listed).get(name.toLowerCase());
    if (fixed) return fixed;
    return Promise.any([bySystem(name), byDns(name)]).catch((error: AggregateError) => {
      throw new Unreachable(
        'dns',
        `${name} is a name that could not be resolved (${messageOf(error.errors[0])})`,
        'set ansible_host or ip in the inventory, or correct the name',
        error,
      );
    });
  };
}

/** Names and addresses of an /etc/hosts file (hosts(5)). */
export function parseHosts(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (!isIP(address)) continue;
    for (const name of names) {
      const key = name.toLowerCase();
      found.set(key, [...(found.get(key) ?? []), address]);
    }
  }
  return found;
}

async function bySystem(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

async function byDns(name: string): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = [four, six].flatMap((answer) =>
    answer.status === 'fulfilled' ? answer.value : [],
  );
  if (found.length === 0) throw four.status === 'rejected' ? four.reason : new Error('no address');
  return found;
}
