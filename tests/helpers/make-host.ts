import type { Host } from '../../src/model/host.ts';

/** A host as the inventory would give it, with as little as possible written. */
export function makeHost(name: string, more: Partial<Host> = {}): Host {
  return {
    name,
    groups: ['lab_a'],
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
      becomeUser: '',
      becomeMethod: 'sudo',
      becomeFlags: '',
    },
    at: { file: 'inventory.yaml', line: 1, column: 1 },
    originOf: () => undefined,
    ...more,
  };
}

/** Hosts pc1, pc2, ... */
export function makeHosts(count: number): Host[] {
  return Array.from({ length: count }, (_, index) => makeHost(`pc${index + 1}`));
}
