import { readFile } from 'node:fs/promises';
import { LabError } from '../model/lab-error.ts';
import { appendLines } from './append-lines.ts';
import { judgeKeys, type Known, type KnownKeys, type Named } from './judge-host-key.ts';
import {
  type KnownHost,
  keyTypeOf,
  namesHost,
  nameWithPort,
  parseKnownHosts,
} from './known-hosts.ts';
import { codeOf, messageOf } from './reach.ts';
import type { TransportSettings } from './settings.ts';

/** The host keys of one run. Files are read once; a key that was accepted is known from then on. */
export interface HostKeys {
  /** What is known of a host, asked before it is called. */
  of(host: Named): Promise<KnownKeys>;
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
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw new LabError(
      'environment',
      `cannot read ${file}: ${messageOf(error)}`,
      'host keys are always checked: make the file readable, or name another',
      { cause: error },
    );
  }
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
    authorities: marked.filter(({ marker }) => marker === 'cert-authority'),
  };
}
