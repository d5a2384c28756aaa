import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Image } from '../../src/model/image.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { labPath } from './lab.ts';
import { makeImage } from './make-image.ts';
import { makeSystem } from './make-system.ts';
import { openSim, type Sim } from './sim.ts';

/** How a PC of the room behaves once it is started from the network. */
export interface Behaviour {
  readonly uuid?: string;
  readonly stopAt?: 'script' | 'job' | 'writing';
  readonly fails?: string;
  /** Nobody starts it when it is armed: a test plays it at its menu. */
  readonly byHand?: boolean;
}

/** A room of simulated PCs, a boot service that really runs, and PCs that are installed by a stand-in: their real SSH servers come up with new host keys. */
export interface ReinstallRoom {
  readonly sim: Sim;
  readonly store: Store;
  readonly state: string;
  readonly image: Image;
  /** What PCs do; a test changes it between runs. */
  readonly behaviour: Map<string, Behaviour>;
  /** What each start from the network came to, by host, in order. */
  readonly starts: Map<string, string[]>;
  lab(args: readonly string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>;
  /** The same as a process that can be killed. */
  spawnLab(args: readonly string[]): ChildProcess;
  /** Types a PIN at the menu of a PC; `claims` is what it says of itself instead of the truth. Answers what came of it: what its screen says, or `installed`. */
  typePin(
    host: string,
    pin: string,
    claims?: { readonly mac: string; readonly uuid: string; readonly serial: string },
  ): Promise<string>;
  killService(): Promise<void>;
  startService(): Promise<void>;
  close(): Promise<void>;
}

const node = process.execPath;
const playbook = `- hosts: all
  gather_facts: false
  tasks:
    - name: leave a mark
      ansible.builtin.copy: {content: "done\\n", dest: /srv/reinstalled}
`;

/** Raises the room; `pieceMs` is how long a tenth of the writing takes. */
export async function openReinstallRoom(pcs: number, pieceMs = 50): Promise<ReinstallRoom> {
  await using stack = new AsyncDisposableStack();
  const project = mkdtempSync(join(tmpdir(), 'lab-reinstall-'));
  stack.defer(() => rmSync(project, { recursive: true, force: true }));
  const state = join(project, '.lab');
  const sim = await openSim({ rooms: [{ name: 'a', pcs }] });
  stack.defer(() => sim.close());
  mkdirSync(join(project, 'playbooks', 'profiles'), { recursive: true });
  writeFileSync(join(project, 'lab.yaml'), 'state: .lab\n');
  writeFileSync(join(project, 'playbooks', 'after.yml'), playbook);
  writeFileSync(
    join(project, 'playbooks', 'profiles', 'lab-pc.yaml'),
    'base: debian-12\nplaybook: playbooks/after.yml\nfor:\n  - room: lab_a\n',
  );
  mkdirSync(state, { mode: 0o700 });
  await makeSystem(join(state, 'deployment-system'));
  const image = await makeImage(join(state, 'images'), 'debian-12', {
    bytes: 40_000,
    chunkBytes: 4096,
  });
  const store = await openStore(state);
  stack.defer(() => store.close());
  const behaviour = new Map<string, Behaviour>();
  const starts = new Map<string, string[]>();
  const base = ['-i', sim.inventoryPath, '--state', state];
  const nsenter = ['-t', String(sim.supervisorPid), '--net', '--'];
  const env = { PATH: process.env['PATH'], HOME: project, LANG: 'C.UTF-8' };
  const spawnLab = (args: readonly string[]): ChildProcess =>
    spawn('nsenter', [...nsenter, labPath, ...base, ...args], { cwd: project, env, stdio: 'pipe' });
  let service: ChildProcess | undefined;
  const startService = async (): Promise<void> => {
    service = spawnLab(['netboot', 'serve', '--mode', 'external']);
    const started = service;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      const hear = (piece: Buffer): void => {
        said += piece.toString('utf8');
        if (said.includes('ready: ')) resolve();
      };
      started.stdout?.on('data', hear);
      started.stderr?.on('data', hear);
      started.once('exit', (code) => reject(new Error(`the service ended (${code}): ${said}`)));
    });
  };
  const killService = async (): Promise<void> => {
    const ended = new Promise((resolve) => service?.once('exit', resolve));
    service?.kill('SIGKILL');
    await ended;
  };
  stack.defer(async () => {
    const ended = new Promise((resolve) => service?.once('exit', resolve));
    if (service?.exitCode === null && service.kill('SIGTERM')) await ended;
  });
  await startService();
  const parts = { sim, store, pieceMs, behaviour, starts, image };
  stack.defer(playTargets(parts));
  const held = stack.move();
  return {
    typePin: (host, pin, claims) => startFromNetwork(parts, host, { pin, ...claims }),
    ...{ sim, store, state, image, behaviour, starts, spawnLab, startService, killService },
    async lab(args) {
      return sim.exec([labPath, ...base, ...args], {
        cwd: project,
        env: { HOME: project, LANG: 'C.UTF-8' },
        timeoutMs: 120_000,
      });
    },
    close: () => held.disposeAsync(),
  };
}

type Parts = Pick<ReinstallRoom, 'sim' | 'store' | 'behaviour' | 'starts' | 'image'> & {
  readonly pieceMs: number;
};

/** Starts a PC from the network whenever it is armed anew: once for each armed boot, as firmware that boots its disk afterwards. */
function playTargets(parts: Parts): () => Promise<void> {
  const { sim, store, starts } = parts;
  const begun = new Set<string>();
  const running = new Set<Promise<void>>();
  let open = true;
  const watch = async (): Promise<void> => {
    while (open) {
      for (const { order, state } of store.armings.list('live')) {
        const { byHand = false } = parts.behaviour.get(order.host) ?? {};
        if (state !== 'armed' || begun.has(order.id) || byHand) continue;
        begun.add(order.id);
        const work = startFromNetwork(parts, order.host).then((came) => {
          starts.set(order.host, [...(starts.get(order.host) ?? []), came]);
        });
        running.add(work);
        void work.finally(() => running.delete(work));
      }
      await sleep(50);
    }
  };
  const watching = watch();
  void sim;
  return async () => {
    open = false;
    await watching;
    await Promise.allSettled(running);
  };
}

async function startFromNetwork(
  parts: Parts,
  host: string,
  more: { readonly [name: string]: string } = {},
): Promise<string> {
  const { sim, behaviour, image, pieceMs } = parts;
  const pc = sim.pcs.find(({ name }) => name === host);
  if (!pc) throw new Error(`no simulated PC ${host}`);
  const { uuid = pc.uuid, ...rest } = behaviour.get(host) ?? {};
  const inside = (script: string) => sim.inside(host, ['sh', '-c', script]);
  const sshServer = '/usr/local/lib/labkit-sim/ssh-server';
  // What ran there is gone: sshd reads its host keys for each session, so that an old one would answer with the new key for a moment, and go.
  await inside(`${sshServer} stop`);
  // The key a new system makes for itself; nobody sees it before its first start.
  await inside("rm -f /root/new /root/new.pub; ssh-keygen -q -t ed25519 -N '' -f /root/new");
  const hostKey = (await inside('cut -d" " -f1,2 /root/new.pub')).stdout.trim();
  const wish = {
    server: `http://${pc.gateway}:8080`,
    mac: pc.mac,
    uuid,
    serial: pc.serial,
    hostKey,
    pieceMs,
    ...rest,
    ...more,
  };
  const program = join(import.meta.dirname, 'programs', 'stand-in-target.ts');
  const args = ['-t', String(sim.pidOf(host)), '--net', '--', node, program, JSON.stringify(wish)];
  const came = await new Promise<string>((resolve) => {
    execFile('nsenter', args, (error, stdout, stderr) =>
      resolve(stdout.trim() || stderr || String(error)),
    );
  });
  if (came === 'installed') {
    await inside(
      [
        'mkdir -p /etc/labkit',
        `echo '${image.name} ${image.stamp}' >/etc/labkit/image`,
        'mv /root/new /etc/ssh/ssh_host_ed25519_key; mv /root/new.pub /etc/ssh/ssh_host_ed25519_key.pub',
      ].join('\n'),
    );
  }
  await inside(`${sshServer} start`);
  return came;
}

/** The host keys that known_hosts of the project has for a host. */
export function knownKeys({ state }: ReinstallRoom, host: string): string[] {
  const text = readFileSync(join(state, 'known_hosts'), 'utf8');
  return text.split('\n').filter((line) => line.startsWith(`${host} `));
}
