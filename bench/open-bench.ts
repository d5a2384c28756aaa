/** Makes everything comparisons need: the room, a copy of Labkit as it is installed, settings for the peers. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSim } from '../sim/open-sim.ts';
import { runProgram } from '../sim/run-program.ts';
import type { Sim } from '../sim/types.ts';
import {
  peerPrograms,
  renderAnsibleConfig,
  renderAnsibleInventory,
  renderSshConfig,
} from './peers.ts';
import { installPython } from './python.ts';
import type { Bench, LabCommand, PeerSetup } from './types.ts';

const project = join(import.meta.dirname, '..');

/** Builds Labkit and copies what its package holds: nobody's edit changes what is measured, and the starter does not look for newer sources. */
export async function installLab(scratch: string): Promise<LabCommand> {
  const built = await runProgram([join(project, 'bin', 'lab'), '--version']);
  if (built.exitCode !== 0) throw new Error(`the build failed: ${built.stderr}`);
  const home = join(scratch, 'labkit');
  for (const part of ['bin/lab', 'dist', 'package.json', 'playbooks'])
    cpSync(join(project, part), join(home, part), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(home, 'node_modules'));
  const path = join(home, 'bin', 'lab');
  const state = join(scratch, 'state');
  return {
    path,
    on: (sim, ...args) => [
      path,
      ...args.slice(0, 1),
      '-i',
      sim.inventoryPath,
      '--state',
      state,
      ...args.slice(1),
    ],
  };
}

/** Writes the peers' settings into the scratch folder and finds out which are missing. */
export async function preparePeers(sim: Sim, scratch: string): Promise<PeerSetup> {
  const sshConfig = join(scratch, 'ssh_config');
  const knownHosts = join(scratch, 'known_hosts');
  writeFileSync(sshConfig, renderSshConfig({ keyFile: sim.keyFile, knownHosts, hosts: sim.pcs }));
  writeFileSync(join(scratch, 'ansible.cfg'), renderAnsibleConfig(sshConfig));
  const ansibleInventory = join(scratch, 'ansible-hosts');
  writeFileSync(ansibleInventory, renderAnsibleInventory(sim.pcs));
  const found = await Promise.all(
    peerPrograms.map(async (name) => {
      const { exitCode } = await runProgram(['sh', '-c', 'command -v "$1"', 'sh', name]);
      return [name, exitCode === 0] as const;
    }),
  );
  const missing = new Set<string>(found.filter(([, there]) => !there).map(([name]) => name));
  return { sshConfig, ansibleInventory, missing };
}

/** The environment of every measured command: a home of its own, so that caches and settings of this machine's user play no part. */
export function benchEnvironment(scratch: string): Record<string, string> {
  const home = join(scratch, 'home');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return {
    HOME: home,
    XDG_CACHE_HOME: join(home, '.cache'),
    LC_ALL: 'C.UTF-8',
    ANSIBLE_CONFIG: join(scratch, 'ansible.cfg'),
    SSH_AUTH_SOCK: '',
    NO_COLOR: '1',
  };
}

/** Opens the benchmark with 64 simulated PCs in two rooms; whatever is opened is closed by `stack`. */
export async function openBench(
  scratch: string,
  stack: AsyncDisposableStack,
  tell: (line: string) => void,
): Promise<Omit<Bench, 'defer'>> {
  const lab = await installLab(scratch);
  const sim = stack.use(await openSim({ rooms: roomsOf(64) }, tell));
  const peers = await preparePeers(sim, scratch);
  return {
    scratch,
    sim,
    lab,
    peers,
    nodePath: join(project, 'node_modules', 'node', 'bin', 'node'),
    python: once(async () => {
      tell('giving the PCs a Python for Ansible');
      await installPython(sim, scratch);
    }),
    raise: async (pcs) => stack.use(await openSim({ rooms: roomsOf(pcs) }, tell)),
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

function roomsOf(pcs: number) {
  const half = Math.ceil(pcs / 2);
  return [
    { name: 'a', pcs: half },
    { name: 'b', pcs: pcs - half },
  ];
}
