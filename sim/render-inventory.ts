/** Writes the inventory of a simulated school as a technician would; pure. */
import type { PlannedRoom } from './room-plan.ts';
import type { Account, Pc } from './types.ts';

// JSON strings are YAML double-quoted scalars: what is text stays text.
const quote = (text: string) => JSON.stringify(text);

function renderHost(pc: Pc): string[] {
  return [
    `        ${pc.name}:`,
    `          mac: ${quote(pc.mac)}`,
    `          ip: ${pc.ip}`,
    `          seat: ${quote(pc.seat)}`,
    `          serial: ${quote(pc.serial)}`,
    `          uuid: ${quote(pc.uuid)}`,
    `          owner: { name: ${pc.owner.name}, id: ${quote(pc.owner.id)}, department: ${pc.owner.department} }`,
    ...(pc.teacher ? ['          class: teacher'] : []),
  ];
}

function renderRoom(room: PlannedRoom): string[] {
  return [
    `    ${room.group}:`,
    '      vars:',
    '        room:',
    `          title: ${quote(room.title)}`,
    '          kind: lab',
    `          maintainer: ${room.maintainer}`,
    `          subnet: ${room.subnet}`,
    `          gateway: ${room.gateway}`,
    `          columns: ${room.columns}`,
    '      hosts:',
    ...room.pcs.flatMap(renderHost),
  ];
}

/** The text of the inventory: the rooms as groups below `all`, and `labs` and `linux` above them. */
export function renderInventory(
  rooms: readonly PlannedRoom[],
  access: { user: Account; keyFile: string },
): string {
  const groups = rooms.map((room) => `        ${room.group}:`);
  const become = access.user === 'labadmin' ? ['    ansible_become: true'] : [];
  return [
    '# The simulated school: written when its rooms were raised, gone when they are.',
    'all:',
    '  vars:',
    `    ansible_user: ${access.user}`,
    `    ansible_ssh_private_key_file: ${quote(access.keyFile)}`,
    ...become,
    '    model: Labkit Simulated PC',
    '    class: student',
    '  children:',
    '    labs:',
    '      children:',
    ...groups,
    '    linux:',
    '      children:',
    ...groups,
    ...rooms.flatMap(renderRoom),
    '',
  ].join('\n');
}
