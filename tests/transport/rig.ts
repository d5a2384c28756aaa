import { join } from 'node:path';
import type { ConnectionSettings, Host } from '../../src/model/host.ts';
import type { TransportSettings } from '../../src/transport/settings.ts';
import type { Sshd } from './sshd.ts';

/** A host of an inventory with nothing but a way in. */
export function hostOf(name: string, connection: Partial<ConnectionSettings> = {}): Host {
  return {
    name,
    groups: [],
    seat: '',
    mac: '',
    macs: [],
    ip: '',
    owner: { name: '', id: '', department: '', phone: '' },
    asset: '',
    serial: '',
    uuid: '',
    model: '',
    class: '',
    ownership: 'school',
    status: 'active',
    switchPort: '',
    vlan: '',
    profile: '',
    protected: false,
    power: null,
    vars: {},
    connection: {
      kind: 'ssh',
      address: name,
      sshArgs: '',
      shellType: 'sh',
      become: false,
      becomeUser: 'root',
      becomeMethod: 'sudo',
      becomeFlags: '',
      ...connection,
    },
    at: { file: '', line: 1, column: 1 },
    originOf: () => undefined,
  };
}

/** The host that a test server is. */
export function hostAt(sshd: Sshd, name = 'pc01', more: Partial<ConnectionSettings> = {}): Host {
  const { address, port, user, keyFile } = sshd;
  return hostOf(name, { address, port, user, keyFile, ...more });
}

/** Settings with everything under one folder and no secrets. */
export function settingsIn(
  folder: string,
  more: Partial<TransportSettings> = {},
): TransportSettings {
  const none = async () => undefined;
  return {
    knownHostsFile: join(folder, 'state', 'known_hosts'),
    userKnownHostsFiles: [],
    hostKeyCheck: 'accept-new',
    connectTimeoutMs: 10_000,
    defaultUser: 'nobody',
    keyFiles: [],
    secrets: { password: none, becomePassword: none, passphrase: none },
    controlFolder: join(folder, 'ctl'),
    ...more,
  };
}

/** A signal that never fires. */
export const never = new AbortController().signal;

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** All pieces of a stream. */
export async function piecesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}
