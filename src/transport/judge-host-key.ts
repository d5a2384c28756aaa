import { Unreachable } from '../model/connection.ts';
import { fingerprintOf, type KnownHost, keyTypeOf, parseKnownHosts } from './known-hosts.ts';
import type { TransportSettings } from './settings.ts';

/** A host as known_hosts files may name it: our own file knows the alias, the user's files the address and the port. */
export interface Named {
  readonly alias: string;
  readonly address: string;
  readonly port: number;
}

/** The keys recorded for one host. */
export interface KnownKeys {
  /** Types of its known keys: to be asked for first, so that a host known by one key is not asked for another. */
  readonly types: readonly string[];
  /** Authorities whose certificates are good for it (@cert-authority): only the system's `ssh` can check those. */
  readonly authorities: readonly KnownHost[];
  /** Judges the key the host shows: undefined when it is good, else why the host is refused. */
  judge(blob: Uint8Array): Unreachable | undefined;
  /** Writes down what `judge` accepted as new; settles when it is on the disk. */
  remember(): Promise<void>;
  /** The same knowledge as a known_hosts file in which the host has one name, for a program that judges by itself. */
  lines(name: string): string;
  /** Writes down the new lines such a program added to that file. */
  adopt(lines: string): Promise<void>;
  /** Type and fingerprint of each known key. */
  readonly fingerprints: readonly string[];
}

/** What the files say of one host. */
export interface Known {
  /** Recorded under the alias in our own file. */
  readonly own: readonly KnownHost[];
  /** Recorded by the user, under any of its names; looked up only where our own file knows nothing, as hashed names are slow to compare. */
  readonly users: readonly KnownHost[];
  readonly revoked: readonly KnownHost[];
  readonly authorities: readonly KnownHost[];
}

/** Builds the judgement of one host's keys; `record` writes a new key down. */
export function judgeKeys(
  host: Named,
  known: Known,
  check: TransportSettings['hostKeyCheck'],
  record: (blob: Uint8Array) => Promise<void>,
): KnownKeys {
  let fresh: Uint8Array | undefined;
  const recorded = check === 'off' ? known.own : [...known.own, ...known.users];
  const remember = async () => {
    if (fresh) await record(fresh);
    fresh = undefined;
  };
  const judge = (blob: Uint8Array) => {
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
  };
  return {
    types: [...new Set(recorded.map(({ type }) => type))],
    authorities: known.authorities,
    judge,
    remember,
    lines: (name) => linesFor(name, known, recorded),
    async adopt(lines) {
      for (const { key } of parseKnownHosts(lines, '')) {
        const trouble = judge(Buffer.from(key, 'base64'));
        if (trouble) throw trouble;
        await remember();
      }
    },
    fingerprints: recorded.map(({ key }) => shown(Buffer.from(key, 'base64'))),
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

function linesFor(name: string, known: Known, recorded: readonly KnownHost[]): string {
  const keys = recorded.map(({ type, key }) => `${name} ${type} ${key}`);
  const revoked = known.revoked.map(({ type, key }) => `@revoked * ${type} ${key}`);
  const trusted = known.authorities.map(
    ({ type, key }) => `@cert-authority ${name} ${type} ${key}`,
  );
  return [...revoked, ...trusted, ...keys].map((line) => `${line}\n`).join('');
}
