/** What can be done with a room that is up: run programs in it, make and clear faults, end it. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../src/model/lab-error.ts';
import { runInNetwork, runInsidePc } from './enter.ts';
import { makeFault, type Patient, undoFault } from './faults.ts';
import { isAlive, type ProcessMark } from './processes.ts';
import type { Fault, Pc, Sim } from './types.ts';

/** A room that is up. */
export interface RaisedRoom {
  readonly folder: string;
  readonly pcs: readonly Pc[];
  readonly supervisor: ProcessMark;
}

const faultPath = (folder: string, host: string) => `${folder}/pcs/${host}/fault`;

function faultOf(folder: string, host: string): Fault | undefined {
  const path = faultPath(folder, host);
  return existsSync(path) ? (readFileSync(path, 'utf8').trim() as Fault) : undefined;
}

function patientOf(room: RaisedRoom, host: string): Patient {
  const pc = room.pcs.find(({ name }) => name === host);
  if (pc === undefined)
    throw new LabError('usage', `no PC is called ${host}`, `first: ${room.pcs[0]?.name ?? 'none'}`);
  const pid = Number(readFileSync(`${room.folder}/pcs/${host}/pid`, 'utf8'));
  return { pc, pid, folder: room.folder, supervisorPid: room.supervisor.pid };
}

async function clearFault(room: RaisedRoom, host: string): Promise<void> {
  const fault = faultOf(room.folder, host);
  if (fault === undefined) return;
  await undoFault(fault, patientOf(room, host));
  rmSync(faultPath(room.folder, host));
}

async function setFault(room: RaisedRoom, host: string, fault: Fault): Promise<void> {
  const patient = patientOf(room, host);
  await clearFault(room, host);
  await makeFault(fault, patient);
  writeFileSync(faultPath(room.folder, host), `${fault}\n`);
}

/** The host keys are read from the PCs' disks, not asked over the network they are to secure. */
function renderKnownHosts(room: RaisedRoom): string {
  const root = `/proc/${room.supervisor.pid}/root${room.folder}/ram`;
  const lines = room.pcs.map((pc) => {
    const key = readFileSync(`${root}/${pc.name}/upper/etc/ssh/ssh_host_ed25519_key.pub`, 'utf8');
    return `${pc.ip},${pc.name} ${key.split(' ').slice(0, 2).join(' ')}\n`;
  });
  return lines.join('');
}

async function close(room: RaisedRoom): Promise<void> {
  if (isAlive(room.supervisor)) process.kill(room.supervisor.pid, 'SIGKILL');
  // The kernel ends the PCs before the supervisor, then the launcher removes the folder; 10 s is for a very busy machine.
  for (
    let waited = 0;
    waited < 10_000 && (isAlive(room.supervisor) || existsSync(room.folder));
    waited += 10
  ) {
    await sleep(10);
  }
  rmSync(room.folder, { recursive: true, force: true });
}

/** The handle of a room that is up; `writeKnownHosts` is for the one who raised it. */
export function holdSim(room: RaisedRoom): Sim & { writeKnownHosts(): void } {
  const { folder, pcs, supervisor } = room;
  const knownHostsPath = `${folder}/known_hosts`;
  return {
    folder,
    pcs,
    knownHostsPath,
    inventoryPath: `${folder}/inventories/school.yaml`,
    keyFile: `${folder}/id_ed25519`,
    passwordFile: `${folder}/tech.password`,
    supervisorPid: supervisor.pid,
    knownFaults: () =>
      Object.fromEntries(
        pcs.flatMap((pc) => {
          const fault = faultOf(folder, pc.name);
          return fault === undefined ? [] : [[pc.name, fault] as const];
        }),
      ),
    exec: (argv, options) => runInNetwork(supervisor.pid, argv, options),
    setFault: (host, fault) => setFault(room, host, fault),
    clearFault: (host) => clearFault(room, host),
    pidOf: (host) => patientOf(room, host).pid,
    inside: (host, argv, options) => runInsidePc(patientOf(room, host).pid, argv, options),
    close: () => close(room),
    writeKnownHosts: () => writeFileSync(knownHostsPath, renderKnownHosts(room)),
    [Symbol.asyncDispose]: () => close(room),
  };
}
