/** Plans the PCs of the wished rooms: names, seats, addresses, owners, identity; pure, so the same wish gives the same room. */
import { createHash } from 'node:crypto';
import { LabError } from '../src/model/lab-error.ts';
import type { Pc, RoomWish } from './types.ts';

/** A room with its PCs and its network. */
export interface PlannedRoom {
  readonly name: string;
  readonly group: string;
  readonly title: string;
  readonly maintainer: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly columns: number;
  readonly pcs: readonly Pc[];
}

const titles = ['一号机房', '二号机房', '三号机房', '四号机房', '五号机房', '六号机房'];
const maintainers = ['张伟', '李娜', '王建国'];
const owners = [
  '王芳',
  '刘洋',
  '陈静',
  '杨帆',
  '赵敏',
  '黄磊',
  '周婷',
  '吴昊',
  '徐丽',
  '孙鹏',
  '欧阳雪',
  '马超',
];
const mostPcs = 240;
const mostRooms = 200;

const hash = (...parts: readonly string[]) =>
  createHash('sha256').update(parts.join('/')).digest('hex');

function planPc(room: RoomWish, roomNumber: number, index: number): Pc {
  const number = index + 1;
  const name = `${room.name}${String(number).padStart(Math.max(2, String(room.pcs).length), '0')}`;
  const id = hash('uuid', name);
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  return {
    name,
    room: room.name,
    seat: String(number).padStart(2, '0'),
    mac: `00:e0:4c:${hex(roomNumber)}:00:${hex(number)}`,
    ip: `10.77.${roomNumber}.${10 + number}`,
    gateway: `10.77.${roomNumber}.1`,
    machineId: hash('machine-id', name).slice(0, 32),
    serial: `LK${String(roomNumber).padStart(3, '0')}${String(number).padStart(4, '0')}`,
    uuid: `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`,
    owner: {
      name: owners[(index + roomNumber * 5) % owners.length] ?? '',
      id: `0${String(roomNumber * 1000 + number).padStart(6, '0')}`,
      department: index === 0 ? '信息技术教研组' : '计算机科学系',
    },
    teacher: index === 0,
  };
}

/** Throws LabError('usage') for rooms that cannot be raised. */
export function planRooms(wishes: readonly RoomWish[]): PlannedRoom[] {
  const names = new Set(wishes.map((wish) => wish.name));
  if (wishes.length === 0 || names.size !== wishes.length || wishes.length > mostRooms)
    throw new LabError(
      'usage',
      'a simulated school needs 1 to 200 rooms, each with a name of its own',
    );
  return wishes.map((wish, index) => {
    if (!/^[a-z]{1,8}$/.test(wish.name))
      throw new LabError(
        'usage',
        `"${wish.name}" is no room name`,
        'write one to eight lower-case letters',
      );
    if (!Number.isInteger(wish.pcs) || wish.pcs < 1 || wish.pcs > mostPcs)
      throw new LabError(
        'usage',
        `room ${wish.name}: ${wish.pcs} PCs`,
        `write a number from 1 to ${mostPcs}`,
      );
    const roomNumber = index + 1;
    return {
      name: wish.name,
      group: `lab_${wish.name}`,
      title: wish.title ?? titles[index] ?? `第${roomNumber}机房`,
      maintainer: maintainers[index % maintainers.length] ?? '',
      subnet: `10.77.${roomNumber}.0/24`,
      gateway: `10.77.${roomNumber}.1`,
      columns: wish.pcs >= 24 ? 8 : 4,
      pcs: Array.from({ length: wish.pcs }, (_, pc) => planPc(wish, roomNumber, pc)),
    };
  });
}
