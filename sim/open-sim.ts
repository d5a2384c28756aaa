/** Raises a simulated room, or takes hold of one that another process raised and kept. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { LabError } from '../src/model/lab-error.ts';
import { openBase } from './base.ts';
import { diskSize } from './faults.ts';
import { writeLayer } from './layer.ts';
import { requireRoomTools, searchPath } from './missing.ts';
import { markOf } from './processes.ts';
import { holdSim } from './raised-sim.ts';
import { renderInventory } from './render-inventory.ts';
import { type PlannedRoom, planRooms } from './room-plan.ts';
import { isInUse, loadRecord, openRunFolder, saveRecord } from './run-folder.ts';
import { runProgram } from './run-program.ts';
import type { Account, Sim, SimOptions } from './types.ts';

const launchScript = new URL('sh/launch.sh', import.meta.url).pathname;

function writePcFiles(folder: string, rooms: readonly PlannedRoom[]): void {
  const pcs = rooms.flatMap((room) => room.pcs);
  for (const pc of pcs) {
    mkdirSync(`${folder}/pcs/${pc.name}`, { recursive: true });
    const settings = {
      ip: pc.ip,
      prefix: '24',
      gateway: pc.gateway,
      machine_id: pc.machineId,
      serial: pc.serial,
      uuid: pc.uuid,
      product: 'Simulated PC',
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
    writeFileSync(`${folder}/pcs/${pc.name}/settings`, lines.join(''));
  }
  const lines = (each: readonly string[]) => each.map((line) => `${line}\n`).join('');
  writeFileSync(`${folder}/plan`, lines(pcs.map((pc) => `${pc.name} ${pc.mac}`)));
  writeFileSync(`${folder}/gateways`, lines(rooms.map((room) => `${room.gateway}/24`)));
  const controller = `${rooms[0]?.gateway ?? ''}\tcontroller`;
  writeFileSync(`${folder}/hosts`, lines([controller, ...pcs.map((pc) => `${pc.ip}\t${pc.name}`)]));
}

async function makeKey(folder: string): Promise<string> {
  const keyFile = `${folder}/id_ed25519`;
  const argv = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'labkit-sim', '-f', keyFile];
  const done = await runProgram(argv);
  if (done.exitCode !== 0) throw new LabError('environment', `ssh-keygen: ${done.stderr.trim()}`);
  return readFileSync(`${keyFile}.pub`, 'utf8').trim();
}

async function fillRunFolder(
  folder: string,
  base: string,
  rooms: readonly PlannedRoom[],
  user: Account,
): Promise<void> {
  writePcFiles(folder, rooms);
  mkdirSync(`${folder}/ram`, { mode: 0o700 });
  mkdirSync(`${folder}/inventories`);
  const password = randomBytes(9).toString('base64url');
  writeFileSync(`${folder}/tech.password`, `${password}\n`, { mode: 0o600 });
  const publicKey = await makeKey(folder);
  const nameserver = rooms[0]?.gateway ?? '';
  await writeLayer({ base, folder: `${folder}/layer`, publicKey, password, nameserver });
  const inventory = renderInventory(rooms, { user, keyFile: `${folder}/id_ed25519` });
  writeFileSync(`${folder}/inventories/school.yaml`, inventory);
}

/** Resolves when every PC's SSH server listens; rejects with what went wrong. */
function waitForRoom(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.startsWith('ready\n')) resolve();
    });
    child.once('error', reject);
    child.once('close', () =>
      reject(new LabError('environment', `the room did not come up: ${said.trim()}`)),
    );
  });
}

async function launch(folder: string, base: string, keep: boolean): Promise<ChildProcess> {
  const log = openSync(`${folder}/room.log`, 'a');
  const child = spawn('sh', [launchScript, folder, base, diskSize, keep ? 'kept' : 'attached'], {
    // A session of its own: Ctrl-C at the terminal is for the program that uses the room, not for the room.
    detached: true,
    cwd: '/',
    env: { PATH: searchPath, LC_ALL: 'C.UTF-8' },
    stdio: [keep ? 'ignore' : 'pipe', 'pipe', log],
  });
  closeSync(log);
  await waitForRoom(child);
  child.stdout?.destroy();
  child.unref();
  return child;
}

/** Raises the rooms and makes the faults; when it returns, every healthy PC answers. Needs root and, the first time, the network. */
export async function openSim(
  options: SimOptions,
  tell: (line: string) => void = () => undefined,
): Promise<Sim> {
  requireRoomTools();
  const rooms = planRooms(options.rooms);
  const base = await openBase(tell);
  const folder = openRunFolder(options.folder);
  const creator = markOf(process.pid);
  if (creator === undefined) throw new LabError('environment', '/proc is not mounted');
  const user = options.user ?? 'root';
  const record = { rooms: options.rooms, user, base, creator };
  saveRecord(folder, record);
  try {
    await fillRunFolder(folder, base, rooms, user);
    const child = await launch(folder, base, options.keep === true);
    const supervisor = markOf(Number(readFileSync(`${folder}/supervisor.pid`, 'utf8')));
    if (supervisor === undefined) throw new LabError('environment', 'the room ended at once');
    saveRecord(folder, { ...record, supervisor });
    const sim = holdSim({ folder, pcs: rooms.flatMap((room) => room.pcs), supervisor });
    // Its end of this pipe is what an attached room lives by: it must not be collected before `sim` is closed.
    child.stdin?.on('error', () => undefined);
    sim.writeKnownHosts();
    await Promise.all(
      Object.entries(options.faults ?? {}).map(([host, fault]) => sim.setFault(host, fault)),
    );
    return sim;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Takes hold of a room that is up. Throws LabError('usage') where none is. */
export function attachSim(folder: string): Sim {
  const record = existsSync(folder) ? loadRecord(folder) : undefined;
  if (record?.supervisor === undefined || !isInUse(folder))
    throw new LabError('usage', `no room is up in ${folder}`, 'raise one: sudo bin/demo --keep');
  const pcs = planRooms(record.rooms).flatMap((room) => room.pcs);
  return holdSim({ folder, pcs, supervisor: record.supervisor });
}
