import { readFile } from 'node:fs/promises';
import { Unreachable } from '../model/connection.ts';
import { appendLines } from './append-lines.ts';
import {
  fingerprintOf,
  type KnownHost,
  keyTypeOf,
  namesHost,
  nameWithPort,
  parseKnownHosts,
} from './known-hosts.ts';
import { codeOf } from './reach.ts';
import type { TransportSettings } from './settings.ts';

/** A host as known_hosts files may name it: our own file knows the alias, the user's files the address and the port. */
export interface Named {
  readonly alias: string;
  readonly address: string;
  readonly port: number;
}

/** The host keys of one run. Files are read once; a key that was accepted is known from then on. */
export interface HostKeys {
  /** What is known of a host, asked before it is called. */
  of(host: Named): Promise<KnownKeys>;
}

/** The keys recorded for one host. */
export interface KnownKeys {
  /** Types of its known keys: to be asked for first, so that a host known by one key is not asked for another. */
  readonly types: readonly string[];
  /** True when an authority's line (@cert-authority) speaks about it: then only the system's `ssh` can check it. */
  readonly certified: boolean;
  /** Judges the key the host shows: undefined when it is good, else why the host is refused. */
  judge(blob: Uint8Array): Unreachable | undefined;
  /** Writes down what `judge` accepted as new; settles when it is on the disk. */
  remember(): Promise<void>;
}

/** Opens the known_hosts files of the settings. */
export function openHostKeys(settings: TransportSettings): HostKeys {
  const { knownHostsFile, userKnownHostsFiles } = settings;
  let own: Promise<KnownHost[]> | undefined;
  let users: Promise<KnownHost[]> | undefined;
  const append = appendLines(knownHostsFile);
  return {
    async of(host) {
      own ??= readKnownHosts(knownHostsFile);
      users ??= Promise.all(userKnownHostsFiles.map(readKnownHosts)).then((lists) => lists.flat());
      const ownEntries = await own;
      const known = knownKeys(host, ownEntries, await users);
      return judgeKeys(host, known, settings.hostKeyCheck, async (blob) => {
        const [type, key] = [keyTypeOf(blob), Buffer.from(blob).toString('base64')];
        const names = host.alias.toLowerCase();
        ownEntries.push({ marker: '', names, type, key, file: knownHostsFile, line: 0 });
        await append(`${names} ${type} ${key}`);
      });
    },
  };
}

async function readKnownHosts(file: string): Promise<KnownHost[]> {
  try {
    return parseKnownHosts(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

interface Known {
  /** Recorded under the alias in our own file. */
  readonly own: readonly KnownHost[];
  /** Recorded by the user, under any of its names; looked up only where our own file knows nothing, as hashed names are slow to compare. */
  readonly users: readonly KnownHost[];
  readonly revoked: readonly KnownHost[];
  readonly certified: boolean;
}

function knownKeys(host: Named, own: readonly KnownHost[], users: readonly KnownHost[]): Known {
  const names = [
    ...new Set([
      nameWithPort(host.address, host.port),
      host.alias,
      nameWithPort(host.alias, host.port),
    ]),
  ];
  const speaks = (entry: KnownHost) => names.some((name) => namesHost(entry, name));
  const all = [...own, ...users];
  const marked = all.filter(({ marker }) => marker !== '').filter(speaks);
  const ownKeys = own.filter((entry) => entry.marker === '' && namesHost(entry, host.alias));
  return {
    own: ownKeys,
    users: ownKeys.length > 0 ? [] : users.filter((entry) => entry.marker === '' && speaks(entry)),
    revoked: marked.filter(({ marker }) => marker === 'revoked'),
    certified: marked.some(({ marker }) => marker === 'cert-authority'),
  };
}

function judgeKeys(
  host: Named,
  known: Known,
  check: TransportSettings['hostKeyCheck'],
  record: (blob: Uint8Array) => Promise<void>,
): KnownKeys {
  let fresh: Uint8Array | undefined;
  return {
    types: [...new Set([...known.own, ...known.users].map(({ type }) => type))],
    certified: known.certified,
    judge(blob) {
      const key = Buffer.from(blob).toString('base64');
      const revoked = known.revoked.find((entry) => entry.key === key);
      if (revoked) return revokedKey(host, blob, revoked);
      const among = (list: readonly KnownHost[]) => list.some((entry) => entry.key === key);
      if (among(known.own)) return undefined;
      if (known.own.length > 0) return changedKey(host, blob, known.own);
      const userKnows = among(known.users);
      if (!userKnows && known.users.length > 0 && check !== 'off')
        return changedKey(host, blob, known.users);
      if (!userKnows && check === 'strict') return unknownKey(host, blob);
      if (check === 'accept-new') fresh = Uint8Array.from(blob);
      return undefined;
    },
    async remember() {
      if (fresh) await record(fresh);
      fresh = undefined;
    },
  };
}

function shown(blob: Uint8Array): string {
  return `${keyTypeOf(blob) || 'unreadable key'} ${fingerprintOf(blob)}`;
}

function placeOf({ file, line }: KnownHost): string {
  return line > 0 ? `${file}:${line}` : file;
}

function changedKey(host: Named, blob: Uint8Array, recorded: readonly KnownHost[]): Unreachable {
  const type = keyTypeOf(blob);
  const before = recorded.find((entry) => entry.type === type) ?? recorded[0];
  if (!before) return unknownKey(host, blob);
  return new Unreachable(
    'host-key-changed',
    `${host.alias} shows the host key ${shown(blob)}, but ${shown(Buffer.from(before.key, 'base64'))} is recorded in ${placeOf(before)}`,
    `if it was reinstalled, compare the fingerprint at the machine, then remove its lines from ${before.file}; otherwise something else answers under its address`,
  );
}

function unknownKey(host: Named, blob: Uint8Array): Unreachable {
  return new Unreachable(
    'host-key-changed',
    `${host.alias} shows the host key ${shown(blob)}, which is not recorded`,
    'compare the fingerprint at the machine (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then connect once with --host-key-check accept-new',
  );
}

function revokedKey(host: Named, blob: Uint8Array, entry: KnownHost): Unreachable {
  return new Unreachable(
    'host-key-changed',
    `${host.alias} shows the host key ${shown(blob)}, which is revoked in ${placeOf(entry)}`,
    'give the machine a new host key',
  );
}
