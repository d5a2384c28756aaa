import { describe, expect, it } from 'vitest';
import type { ConnectionSettings, Host } from '../../src/model/host.ts';
import { makeFile, resolveTexts } from './load-raw.ts';

/** The host `h` with these variables, and the problems found with it. */
function host(vars: string): { host: Host; faults: string[] } {
  const { inventory, problems } = resolveTexts(
    makeFile(`all:\n  hosts:\n    h:\n      ${vars.replaceAll('\n', '\n      ')}\n`),
  );
  const [found] = inventory.hosts;
  if (!found) throw new Error('the host is missing');
  return {
    host: found,
    faults: problems.map(({ rule, line, column }) => `${rule} ${line}:${column}`),
  };
}

function connection(vars: string): Partial<ConnectionSettings> {
  return host(vars).host.connection;
}

describe('resolveInventory', () => {
  it('keeps identity fields as typed, whatever YAML 1.1 makes of them', () => {
    const { host: found, faults } = host(
      'asset: 0123\nserial: 12345678e901\nmodel: 5.10\nseat: 07\nvlan: 010\nowner: {name: No, id: 0042, phone: 138}\nswitch_port: 1:24',
    );
    expect(faults).toEqual([]);
    expect(found).toMatchObject({
      asset: '0123',
      serial: '12345678e901',
      model: '5.10',
      seat: '07',
      vlan: '010',
      switchPort: '1:24',
    });
    expect(found.owner).toEqual({ name: 'No', id: '0042', department: '', phone: '138' });
    expect(found.vars).toMatchObject({ asset: 83, vlan: 8 });
  });

  it('reads one MAC in any spelling, or a list with roles of which one is primary', () => {
    expect(host('mac: 5254.00AA.BBCC').host).toMatchObject({
      mac: '52:54:00:aa:bb:cc',
      macs: [{ role: 'wired', primary: true }],
    });
    expect(host('mac: 52:54:00:44:49:56').host.mac).toBe('52:54:00:44:49:56');
    const list = host(
      'mac:\n- {addr: "52:54:00:00:00:01", role: wifi}\n- "52:54:00:00:00:02"\n- {addr: "52:54:00:00:00:03", role: bmc}',
    );
    expect(list.faults).toEqual([]);
    expect(list.host.macs.map(({ role, primary }) => `${role} ${primary}`)).toEqual([
      'wifi false',
      'wired true',
      'bmc false',
    ]);
    expect(list.host.mac).toBe('52:54:00:00:00:02');
    const marked = host(
      'mac: [{addr: "52:54:00:00:00:01"}, {addr: "52:54:00:00:00:02", role: dock, primary: yes}]',
    );
    expect(marked.host.mac).toBe('52:54:00:00:00:02');
  });

  it('reads the same from INI, where a value is one text', () => {
    const { inventory, problems } = resolveTexts(
      makeFile(
        `h asset=0123 protected=True owner="{'name': 'Li', 'id': '0042'}" mac="['52:54:00:00:00:01', {'addr': '52-54-00-00-00-02', 'role': 'wifi'}]" ip=10.0.0.9\n`,
        'hosts',
      ),
    );
    expect(problems).toEqual([]);
    expect(inventory.hosts[0]).toMatchObject({
      asset: '0123',
      protected: true,
      ip: '10.0.0.9',
      owner: { name: 'Li', id: '0042' },
      macs: [{ addr: '52:54:00:00:00:01' }, { addr: '52:54:00:00:00:02', role: 'wifi' }],
    });
  });

  it('leaves a field empty that cannot be what it should, and says where and what to write', () => {
    const bad = [
      'mac: 52-54-00-zz',
      'ip: 10.0.0.300',
      'class: pupil',
      'ownership: mine',
      'status: asleep',
      'uuid: 123',
      'protected: maybe',
      'owner: [Li]',
      'ansible_port: 99999',
      'ansible_connection: telnet',
      'seat: {row: 1}',
      'ansible_become: perhaps',
      'ansible_host: [a]',
    ];
    const { host: found, faults } = host(bad.join('\n'));
    expect(faults).toEqual([
      'bad-mac 4:12',
      'bad-ip 5:11',
      'bad-class 6:14',
      'bad-ownership 7:18',
      'bad-status 8:15',
      'bad-uuid 9:13',
      'bad-boolean 10:18',
      'bad-owner 11:14',
      'bad-port 12:21',
      'bad-connection 13:27',
      'bad-seat 14:13',
      'bad-boolean 15:23',
      'bad-connection-value 16:21',
    ]);
    expect(found).toMatchObject({
      mac: '',
      macs: [],
      ip: '',
      class: '',
      ownership: 'school',
      status: 'active',
      uuid: '',
      protected: false,
      seat: '',
    });
    expect(found.connection).toMatchObject({ kind: 'ssh', address: 'h', become: false });
    const { problems } = resolveTexts(
      makeFile(
        'all: {hosts: {h: {mac: [{role: wired}, {addr: "52:54:00:00:00:01", role: tin, primary: some}]}}}',
      ),
    );
    expect(problems.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'bad-mac all.hosts.h.mac.0',
      'bad-mac-role all.hosts.h.mac.1.role',
      'bad-boolean all.hosts.h.mac.1.primary',
    ]);
    for (const { hint, message } of problems)
      expect(hint.length * message.length).toBeGreaterThan(0);
  });

  it('tells a fault once, however many hosts inherit it', () => {
    const { problems } = resolveTexts(
      makeFile('lab: {hosts: {"pc[1:50]": {status: x}}, vars: {class: y}}'),
    );
    expect(problems.map(({ rule }) => rule).sort()).toEqual(['bad-class', 'bad-status']);
  });

  it('connects to ansible_host, else to ip, else to the name', () => {
    expect(connection('{}').address).toBe('h');
    expect(connection('ip: 10.0.0.5').address).toBe('10.0.0.5');
    expect(connection('ip: 10.0.0.5\nansible_host: gate.example.org')).toMatchObject({
      kind: 'ssh',
      address: 'gate.example.org',
    });
  });

  it('knows the old and the plugin names of connection variables', () => {
    expect(
      connection(
        'ansible_ssh_host: 10.0.0.6\nansible_ssh_port: "2222"\nansible_ssh_user: root\nansible_private_key_file: ~/.ssh/lab\nansible_ssh_common_args: -o A=b\nansible_ssh_extra_args: -v\nansible_become: "yes"\nansible_become_user: admin',
      ),
    ).toEqual({
      kind: 'ssh',
      address: '10.0.0.6',
      port: 2222,
      user: 'root',
      keyFile: '~/.ssh/lab',
      sshArgs: '-o A=b -v',
      shellType: '',
      become: true,
      becomeUser: 'admin',
      becomeMethod: 'sudo',
      becomeFlags: '',
    });
    const kinds = [
      'paramiko',
      'smart',
      'ansible.builtin.ssh',
      'local',
      'winrm',
      'psrp',
      'ansible.builtin.psrp',
    ].map((kind) => connection(`ansible_connection: ${kind}`).kind);
    expect(kinds).toEqual(['ssh', 'ssh', 'ssh', 'local', 'winrm', 'winrm', 'winrm']);
    expect(
      connection('ansible_connection: winrm\nansible_winrm_port: 5985\nansible_winrm_user: adm'),
    ).toMatchObject({ port: 5985, user: 'adm' });
  });

  it('takes the port from the name of the host, unless a variable says otherwise', () => {
    const { inventory } = resolveTexts(
      makeFile('all: {hosts: {"a:2022": , "b:2022": {ansible_port: 22}}}'),
    );
    expect(inventory.hosts.map(({ connection: { port } }) => port)).toEqual([2022, 22]);
  });

  it('leaves templates in connection variables as they are, with a warning', () => {
    const { inventory, problems } = resolveTexts(
      makeFile(
        'all: {hosts: {h: {ansible_host: "{{ ip }}", ansible_port: "{{ p }}", ansible_become: "{{ b }}", note: "{{ fine }}"}}}',
      ),
    );
    expect(problems.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual([
      'template-in-connection warning',
      'template-in-connection warning',
      'template-in-connection warning',
    ]);
    expect(inventory.hosts[0]?.connection).toMatchObject({ address: '{{ ip }}', become: false });
  });

  it('never shows a vaulted value, and does not call it wrong', () => {
    const { host: found, faults } = host(
      'owner: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  00\nansible_host: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  00\nserial: !unsafe "{{ x }}"',
    );
    expect(faults).toEqual([]);
    expect(found).toMatchObject({
      owner: { name: '' },
      serial: '{{ x }}',
      connection: { address: 'h' },
    });
  });

  it('gives a host the nearest room, of two equally near ones the first by name', () => {
    const { inventory, problems } = resolveTexts(
      makeFile(
        'all: {children: {building: {vars: {room: House}, children: {lab_b: {vars: {room: {title: B}}, hosts: {h1: , h2: }}, lab_a: {vars: {room: {title: A, subnet: 10.0.0.0/24, columns: 8, maintainer: {name: Wang}, lessons: [mon]}}, hosts: {h2: }}, other: {hosts: {h3: }}}}, none: {hosts: {h4: }}}}',
      ),
    );
    expect(problems).toEqual([]);
    expect(inventory.hosts.map(({ name, room }) => `${name} ${room?.title}`)).toEqual([
      'h4 undefined',
      'h1 B',
      'h2 A',
      'h3 House',
    ]);
    expect(inventory.rooms.find(({ name }) => name === 'lab_a')).toMatchObject({
      title: 'A',
      subnet: '10.0.0.0/24',
      gateway: '',
      columns: 8,
      maintainer: 'Wang',
      lessons: ['mon'],
      at: { line: 1 },
    });
    expect(inventory.groups.find(({ name }) => name === 'lab_a')?.room?.title).toBe('A');
  });

  it('says what is wrong with a room field by field', () => {
    const { problems, inventory } = resolveTexts(
      makeFile(
        'a: {vars: {room: [x]}}\nb: {vars: {room: {title: [x], subnet: 10.0.0.9/24, gateway: here, columns: many}}}',
      ),
    );
    expect(problems.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'bad-room a.vars.room',
      'bad-room b.vars.room.title',
      'bad-room b.vars.room.subnet',
      'bad-room b.vars.room.gateway',
      'bad-room b.vars.room.columns',
    ]);
    expect(inventory.rooms).toMatchObject([
      { name: 'b', title: '', subnet: '', gateway: '', columns: 0 },
    ]);
  });

  it('tells where each variable in effect was written', () => {
    const { host: found } = host('seat: A1');
    expect(found.originOf('seat')).toEqual({ file: 'hosts.yaml', line: 4, column: 13 });
    expect(found.originOf('nothing')).toBeUndefined();
    expect(found.at).toEqual({ file: 'hosts.yaml', line: 3, column: 5 });
  });
});
