import type { Host } from '../../model/host.ts';
import { makeVars, type Vars } from '../../model/value.ts';

const ownNames = new Set(['localhost', '127.0.0.1', '::1']);

/** A host the inventory does not know: `localhost` for the controller itself, any other name for a machine of that name. Used by `delegate_to` and `add_host`. */
export function makeImplicitHost(
  name: string,
  vars: Vars = makeVars(),
  groups: readonly string[] = [],
): Host {
  const isHere = ownNames.has(name);
  const text = (key: string): string | undefined =>
    vars[key] === undefined || vars[key] === null ? undefined : String(vars[key]);
  const port = text('ansible_port');
  const user = text('ansible_user');
  const keyFile = text('ansible_ssh_private_key_file');
  const word = text('ansible_connection') ?? (isHere ? 'local' : 'ssh');
  return {
    name,
    groups,
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
    vars: isHere ? makeVars([['ansible_connection', 'local'], ...Object.entries(vars)]) : vars,
    connection: {
      kind: word.endsWith('local') ? 'local' : 'ssh',
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
    },
    at: { file: '', line: 1, column: 1 },
    originOf: () => undefined,
  };
}
