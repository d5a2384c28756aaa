/** Writes an inventory of any size without a mistake in it, some 500 bytes a host; pure. */

const pcsPerRoom = 50;

/** The YAML text of a school of so many hosts, with an owner, a seat and addresses for each. */
export function renderSchool(hosts: number): string {
  const rooms = Math.ceil(hosts / pcsPerRoom);
  const lines = ['# A school made up to measure how long reading it takes.', 'all:', '  children:'];
  for (let room = 0; room < rooms; room++) {
    lines.push(...renderRoom(room, Math.min(pcsPerRoom, hosts - room * pcsPerRoom)));
  }
  return `${lines.join('\n')}\n`;
}

const digits = (value: number, length: number) => String(value).padStart(length, '0');
const hex = (value: number) => value.toString(16).padStart(2, '0');

function renderRoom(room: number, pcs: number): string[] {
  const subnet = `10.${40 + Math.floor(room / 250)}.${room % 250}`;
  return [
    `    room_${digits(room, 3)}:`,
    '      vars:',
    '        room:',
    `          title: "机房 ${digits(room, 3)}"`,
    '          kind: lab',
    '          maintainer: 张伟',
    `          subnet: ${subnet}.0/24`,
    `          gateway: ${subnet}.254`,
    '          columns: 8',
    '      hosts:',
    ...Array.from({ length: pcs }, (_, pc) => renderPc(room, pc + 1, subnet)).flat(),
  ];
}

function renderPc(room: number, pc: number, subnet: string): string[] {
  const number = room * pcsPerRoom + pc;
  const [high, middle, low] = [number >> 16, (number >> 8) & 255, number & 255].map(hex);
  return [
    `        pc${digits(room, 3)}-${digits(pc, 2)}:`,
    `          mac: "00:e0:4c:${high}:${middle}:${low}"`,
    `          ip: ${subnet}.${pc}`,
    `          seat: "${digits(pc, 2)}"`,
    `          serial: "LK${digits(number, 8)}"`,
    `          asset: "学校-2024-${digits(number, 6)}"`,
    `          uuid: "${digits(number, 8)}-0000-4000-8000-${digits(number, 12)}"`,
    '          model: Example Desktop 7010',
    '          class: student',
    '          ownership: school',
    '          status: active',
    `          switch_port: "sw${digits(room, 3)}-1/0/${pc}"`,
    `          vlan: ${100 + (room % 900)}`,
    `          owner: { name: 王芳, id: "0${digits(number, 6)}", department: 计算机科学系, phone: "13800138000" }`,
  ];
}
