import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadInventory } from '../../src/cli/load-hosts.ts';
import { fileMenuRequest, proposeMenuSeats } from '../../src/cli/netboot/menu-register.ts';
import type { BootRequester } from '../../src/model/boot.ts';
import { runLab } from '../helpers/memory-io.ts';
import { makeProject, openBareContext, type Project } from '../helpers/registry-project.ts';

const school = `all:
  children:
    lab_a:
      vars: { room: { title: 计算机室一, subnet: 10.1.1.0/24, gateway: 10.1.1.254 } }
      hosts:
        a01: { mac: "00:e0:4c:01:00:01", ip: 10.1.1.1, seat: A-01, owner: { name: 张伟, id: "0117" } }
        a02: { ip: 10.1.1.2, seat: A-02, owner: { name: 李雷, id: "0120" } }
        a03: { mac: "00:e0:4c:01:00:03", ip: 10.1.1.3, seat: A-03 }
    lab_b:
      vars: { room: { title: 计算机室二, subnet: 10.1.2.0/24, gateway: 10.1.2.254 } }
      hosts:
        b01: { mac: "00:e0:4c:02:00:01", ip: 10.1.2.1, seat: "01" }
`;

let project: Project;
beforeEach(() => {
  project = makeProject(school);
});
afterEach(() => project.remove());

const readInventory = () => readFileSync(project.file, 'utf8');
const nowMs = Date.UTC(2026, 10, 23, 8);
const lab = (...args: string[]) => runLab(args, { cwd: project.folder, nowMs });

function makeRequester(number: number, address = '10.1.2.77'): BootRequester {
  return {
    mac: `52:54:00:00:00:0${number}`,
    uuid: '01234567-89ab-cdef-0123-456789abcdef',
    serial: `SN-${number}`,
    manufacturer: 'Lenovo',
    model: 'M70q',
    firmware: 'bios',
    secureBoot: false,
    address,
  };
}

async function propose(address: string) {
  await using context = openBareContext(project);
  const { inventory } = await loadInventory(context);
  return proposeMenuSeats(context, inventory, address);
}

async function file(number: number, room: string, seat: string, owner: string) {
  await using context = openBareContext(project);
  return fileMenuRequest(context, makeRequester(number), { room, seat, owner });
}

describe('registering a PC from its boot menu', () => {
  it('proposes the room of its address first, and the seat that waits for a PC', async () => {
    expect(await propose('10.1.2.77')).toEqual([
      { room: 'lab_b', seat: '02' },
      { room: 'lab_a', seat: 'A-02' },
    ]);
    expect((await propose('10.1.1.77'))[0]).toEqual({ room: 'lab_a', seat: 'A-02' });
  });

  it('files a request that waits for the technician, and changes nothing else', async () => {
    const before = readInventory();
    expect(await file(1, 'lab_b', '02', '0117')).toBe(
      'Noted as request 5: b02, seat 02. The technician decides (lab registry pending).',
    );
    expect(readInventory()).toBe(before);
    const pending = (await lab('registry', 'pending', '-o', 'json')).stdout;
    for (const part of ['b02', '52:54:00:00:00:01', '张伟', 'boot menu: Lenovo M70q, serial SN-1'])
      expect(pending).toContain(part);
    const approved = await lab('registry', 'approve', '5', '--approved-by', '总务处');
    expect(approved.exitCode).toBe(0);
    expect(readInventory()).toContain('52:54:00:00:00:01');
  });

  it('takes the seat that waits, with the owner it has; what was typed stands in the reason', async () => {
    expect(await file(1, 'lab_a', 'A-02', '0999')).toContain('a02, seat A-02');
    const pending = (await lab('registry', 'pending', '-o', 'json')).stdout;
    expect(pending).toContain('李雷');
    expect(pending).toContain('staff number typed: 0999');
  });

  it('says so where nobody has the staff number, and registers no one until a person is named', async () => {
    await file(1, 'lab_b', '02', '0999');
    const pending = (await lab('registry', 'pending', '-o', 'json')).stdout;
    expect(pending).toContain('nobody in the inventory has this staff number');
    expect(pending).toContain('unknown person');
    const before = readInventory();
    const nameless = await lab('registry', 'approve', '5', '--approved-by', '总务处');
    expect(nameless.exitCode).toBe(6);
    expect(nameless.stderr).toContain('request 5 names a person by the staff number 0999 alone');
    expect(nameless.stderr).toContain('lab registry approve 5 --owner NAME');
    expect(readInventory()).toBe(before);
    const own = await lab('registry', 'approve', '5', '--owner', '王芳', '--approved-by', '王芳');
    expect([own.exitCode, readInventory()]).toEqual([6, before]);
    const named = await lab(
      'registry',
      'approve',
      '5',
      '--owner',
      '王芳',
      '--approved-by',
      '总务处',
    );
    expect(named.exitCode, named.stderr).toBe(0);
    const inventory = readInventory();
    expect(inventory).toContain('王芳');
    expect(inventory).toContain('0999');
    expect(inventory).not.toContain('unknown person');
    const history = (await lab('registry', 'history', 'b02', '-o', 'json')).stdout;
    expect(JSON.parse(history).rows.at(-1).after.owner).toMatchObject({ name: '王芳', id: '0999' });
  });

  it('takes the name of a staff number that is registered by the time the request is approved', async () => {
    await file(1, 'lab_b', '02', '0999');
    const person = ['--owner', '王芳', '--owner-id', '0999'];
    expect((await lab('registry', 'register', 'b01', ...person)).exitCode).toBe(0);
    const approved = await lab('registry', 'approve', '5', '--approved-by', '总务处');
    expect(approved.exitCode, approved.stderr).toBe(0);
    expect(readInventory()).not.toContain('unknown person');
  });

  it('leaves a request that is about nobody as it is', async () => {
    const reason = ['--reason', 'sold', '--request'];
    expect((await lab('registry', 'release', 'a01', ...reason)).exitCode).toBe(0);
    const approved = await lab('registry', 'approve', '5', '--approved-by', '总务处');
    expect(approved.exitCode, approved.stderr).toBe(0);
  });

  it('takes no other name for a person who is known, nor one name for several requests', async () => {
    await file(1, 'lab_b', '02', '0117');
    await file(2, 'lab_b', '03', '0999');
    const known = await lab(
      'registry',
      'approve',
      '5',
      '--owner',
      '王芳',
      '--approved-by',
      '总务处',
    );
    expect(known.exitCode).toBe(5);
    expect(known.stderr).toContain('request 5 names its owner: 张伟 (0117)');
    const two = await lab(
      'registry',
      'approve',
      '5',
      '6',
      '--owner',
      '王芳',
      '--approved-by',
      '总务处',
    );
    expect(two.exitCode).toBe(5);
  });

  it('proposes the next PC another seat, and refuses a seat or a PC that is asked for already', async () => {
    await file(1, 'lab_b', '02', '0117');
    await file(2, 'lab_a', 'A-02', '0117');
    expect(await propose('10.1.2.78')).toEqual([
      { room: 'lab_b', seat: '03' },
      { room: 'lab_a', seat: 'A-04' },
    ]);
    await expect(file(1, 'lab_b', '03', '0117')).rejects.toThrow(
      'this PC waits already: request 5',
    );
    await expect(file(3, 'lab_b', '02', '0117')).rejects.toThrow(
      'seat 02 of lab_b is asked for already: request 5',
    );
  });

  it.each([
    ['lab_a', 'A-01', '0117', 'seat A-01 of lab_a is a01'],
    ['lab_z', '01', '0117', 'there is no such room'],
    ['lab_b', '', '0117', 'seat and staff number are needed'],
    ['lab_b', '02', '', 'seat and staff number are needed'],
  ])('refuses room %s, seat "%s", number "%s"', async (room, seat, owner, message) => {
    await expect(file(1, room, seat, owner)).rejects.toThrow(message);
  });
});

describe('lab netboot pin', () => {
  it('prints six digits once, alone on stdout, and keeps no copy', async () => {
    const ran = await lab('netboot', 'pin', 'lab_a', '--minutes', '5');
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/^\d{6}\n$/);
    expect(ran.stderr).toContain('opens the PCs of lab_a until 2026-11-23 08:05 UTC');
  });
  it('refuses a room that is not there and a time that is none', async () => {
    const ran = await lab('netboot', 'pin', 'lab_z');
    expect([ran.exitCode, ran.stderr]).toEqual([5, expect.stringContaining('rooms: lab_a, lab_b')]);
    expect((await lab('netboot', 'pin', 'lab_a', '--minutes', '0')).exitCode).toBe(5);
  });
});
