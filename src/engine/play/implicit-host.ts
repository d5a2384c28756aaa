import type { ConnectionSettings, Host } from '../../model/host.ts';
import { makeVars, type Value, type Vars } from '../../model/value.ts';

const ownNames = new Set(['localhost', '127.0.0.1', '::1']);

/** A host the inventory does not know: `localhost` for the controller itself, any other name for a machine of that name. Used by `delegate_to` and `add_host`. */
export function makeImplicitHost(
  name: string,
  vars: Vars = makeVars(),
  groups: readonly string[] = [],
): Host {
  const own: readonly (readonly [string, Value])[] = ownNames.has(name)
    ? [['ansible_connection', 'local']]
    : [];
  const all = makeVars([...own, ...Object.entries(vars)]);
  return { ...blank, name, groups, vars: all, connection: connectionOf(name, all) };
}

const blank: Omit<Host, 'name' | 'groups' | 'vars' | 'connection'> = {
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
  at: { file: '', line: 1, column: 1 },
  originOf: () => undefined,
};

function connectionOf(name: string, vars: Vars): ConnectionSettings {
  const text = (key: string): string | undefined =>
    vars[key] === undefined || vars[key] === null ? undefined : String(vars[key]);
  const port = text('ansible_port');
  const user = text('ansible_user');
  const keyFile = text('ansible_ssh_private_key_file');
  return {
    kind: text('ansible_connection')?.endsWith('local') ? 'local' : 'ssh',
    address: text('ansible_host') ?? name,
    ...(port !== undefined && { port: Number(port) }),
    ...(user !== undefined && { user }),
    ...(keyFile !== undefined && { keyFile }),
    sshArgs: text('ansible_ssh_common_args') ?? '',
    shellType: 'sh',
    become: false,
    becomeUser: text('ansible_become_user') ?? '',
    becomeMethod: text('ansible_become_method') ?? 'sudo',
    becomeFlags: text('ansible_become_flags') ?? '',
  };
}
