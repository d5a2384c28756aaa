/** The faults a PC can have: how each is made, and how it is taken back. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { LabError } from '../src/model/lab-error.ts';
import { runBesideSupervisor, runInNetwork, runInsidePc } from './enter.ts';
import { processesBeside } from './processes.ts';
import type { Fault, Finished, Pc } from './types.ts';

/** The size of a healthy PC's disk, as tmpfs(5) writes it; memory is taken only for what is written. */
export const diskSize = '64g';

const library = '/usr/local/lib/labkit-sim';
const relayScript = new URL('relay.ts', import.meta.url).pathname;

/** A PC that is up, and where its room is. */
export interface Patient {
  readonly pc: Pc;
  readonly pid: number;
  readonly folder: string;
  readonly supervisorPid: number;
}

interface FaultKind {
  readonly make: (patient: Patient) => Promise<void>;
  readonly undo: (patient: Patient) => Promise<void>;
}

async function expectSuccess(what: string, running: Promise<Finished>): Promise<string> {
  const done = await running;
  if (done.exitCode === 0) return done.stdout.trim();
  throw new LabError('environment', `${what}: ${done.stderr.trim() || `exit ${done.exitCode}`}`);
}

const shell = (patient: Patient, script: string) =>
  expectSuccess(`${patient.pc.name}: ${script}`, runInsidePc(patient.pid, ['sh', '-euc', script]));

/** A fault made and undone by one shell script each inside the PC. */
const scripted = (make: (pc: Pc) => string, undo: (pc: Pc) => string): FaultKind => ({
  make: async (patient) => void (await shell(patient, make(patient.pc))),
  undo: async (patient) => void (await shell(patient, undo(patient.pc))),
});

const relayPidPath = ({ folder, pc }: Patient) => `${folder}/pcs/${pc.name}/relay.pid`;

/** The relay lives in the PC's network and among its processes, so it ends with the PC. */
async function startRelay(patient: Patient, mode: string): Promise<void> {
  const enter = ['--target', String(patient.pid), '--net', '--pid', '--'];
  const child = spawn('nsenter', [...enter, process.execPath, relayScript, mode], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new LabError('environment', `${patient.pc.name}: relay ${mode}: exit ${code}`)),
    );
  });
  writeFileSync(relayPidPath(patient), pid);
  child.stdout.destroy();
  child.unref();
}

function stopRelay(patient: Patient): void {
  process.kill(Number(readFileSync(relayPidPath(patient), 'utf8')), 'SIGKILL');
  rmSync(relayPidPath(patient));
}

const relayed = (mode: string, serverOptions?: string): FaultKind => ({
  make: async (patient) => {
    await shell(patient, `${library}/ssh-server stop`);
    if (serverOptions !== undefined)
      await shell(patient, `${library}/ssh-server start ${serverOptions}`);
    await startRelay(patient, mode);
  },
  undo: async (patient) => {
    stopRelay(patient);
    await shell(patient, `${library}/ssh-server stop; ${library}/ssh-server start`);
  },
});

/** Processes come and go meanwhile: those that went are no failure, those that came are signalled in another round. */
function signalAll(patient: Patient, signal: NodeJS.Signals): void {
  const signalled = new Set<number>();
  for (;;) {
    const fresh = processesBeside(patient.pid).filter((pid) => !signalled.has(pid));
    if (fresh.length === 0) return;
    for (const pid of fresh) {
      signalled.add(pid);
      try {
        process.kill(pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }
}

async function resizeDisk(patient: Patient, size: string): Promise<void> {
  const argv = ['mount', '-o', `remount,size=${size}`, `${patient.folder}/ram/${patient.pc.name}`];
  await expectSuccess(patient.pc.name, runBesideSupervisor(patient.supervisorPid, argv));
}

function usedBytes({ folder, pc, supervisorPid }: Patient): number {
  const found = statfsSync(`/proc/${supervisorPid}/root${folder}/ram/${pc.name}`);
  return (found.blocks - found.bfree) * found.bsize;
}

/** The controller must ask for the PC's MAC again, as it would after a while. */
async function forgetNeighbour({ pc, supervisorPid }: Patient): Promise<void> {
  const argv = ['ip', 'neigh', 'flush', 'dev', 'bridge0', 'to', pc.ip];
  await expectSuccess(pc.name, runInNetwork(supervisorPid, argv));
}

async function changeMac(patient: Patient, mac: string): Promise<void> {
  await shell(patient, `ip link set eth0 address ${mac}`);
  await forgetNeighbour(patient);
}

const keyFiles =
  '/root/.ssh/authorized_keys /home/tech/.ssh/authorized_keys /home/labadmin/.ssh/authorized_keys';
const hostKey = '/etc/ssh/ssh_host_ed25519_key';
const restartServer = `${library}/ssh-server stop; ${library}/ssh-server start`;

const kinds: Record<Fault, FaultKind> = {
  down: {
    make: async (patient) => {
      await shell(patient, 'ip link set eth0 down');
      await forgetNeighbour(patient);
    },
    undo: async (patient) => {
      const { gateway } = patient.pc;
      await shell(patient, `ip link set eth0 up; ip route replace default via ${gateway}`);
    },
  },
  silent: relayed('silent'),
  reset: relayed('reset'),
  slow: relayed('slow', '-p 2222 -o ListenAddress=127.0.0.1'),
  refused: scripted(
    () => `${library}/ssh-server stop`,
    () => `${library}/ssh-server start`,
  ),
  flood: scripted(
    () =>
      `${library}/ssh-server stop; ${library}/ssh-server start -o 'ForceCommand=exec yes flood'`,
    () => restartServer,
  ),
  frozen: {
    make: async (patient) => signalAll(patient, 'SIGSTOP'),
    undo: async (patient) => signalAll(patient, 'SIGCONT'),
  },
  'key-refused': scripted(
    () => `for file in ${keyFiles}; do cp -p $file $file.kept; : >$file; done`,
    () => `for file in ${keyFiles}; do mv $file.kept $file; done`,
  ),
  'other-host-key': scripted(
    () =>
      `mkdir /etc/ssh/kept; mv ${hostKey} ${hostKey}.pub /etc/ssh/kept; ssh-keygen -q -t ed25519 -N '' -f ${hostKey}; ${restartServer}`,
    () => `mv /etc/ssh/kept/* /etc/ssh; rmdir /etc/ssh/kept; ${restartServer}`,
  ),
  'disk-full': {
    make: async (patient) => resizeDisk(patient, String(usedBytes(patient))),
    undo: async (patient) => resizeDisk(patient, diskSize),
  },
  'apt-locked': scripted(
    () => `${library}/hold-apt-lock >/run/apt-lock-holder`,
    () => 'kill $(cat /run/apt-lock-holder)',
  ),
  'wrong-mac': {
    make: async (patient) =>
      changeMac(patient, patient.pc.mac.replace(/^(.*):00:(..)$/, '$1:ff:$2')),
    undo: async (patient) => changeMac(patient, patient.pc.mac),
  },
  cloned: scripted(
    () => 'echo 6c61626b69746c61626b69746c61626b >/etc/machine-id',
    (pc) => `echo ${pc.machineId} >/etc/machine-id`,
  ),
};

export const makeFault = (fault: Fault, patient: Patient): Promise<void> =>
  kinds[fault].make(patient);
export const undoFault = (fault: Fault, patient: Patient): Promise<void> =>
  kinds[fault].undo(patient);
