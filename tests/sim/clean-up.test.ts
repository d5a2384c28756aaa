import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startTimeOf } from '../../sim/processes.ts';
import { sweepRunFolders } from '../../sim/run-folder.ts';
import { attachSim, describeOnPcs, openSim, type Sim, ssh } from '../helpers/sim.ts';

const kinds = ['pid', 'net', 'mnt', 'uts', 'ipc'] as const;

function namespacesOf(pid: number | string): string[] {
  return kinds.flatMap((kind) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/${kind}`)];
    } catch {
      return [];
    }
  });
}

/** Every namespace a room made: those of its supervisor and of its PCs. */
function namespacesOfRoom(sim: Sim): Set<string> {
  const own = new Set(namespacesOf('self'));
  const pids = [sim.supervisorPid, ...sim.pcs.map((pc) => sim.pidOf(pc.name))];
  return new Set(pids.flatMap(namespacesOf).filter((namespace) => !own.has(namespace)));
}

/** Whatever of a room is still on this machine, in words. */
function remainsOf(folder: string, namespaces: ReadonlySet<string>): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const living = processes.filter((pid) => startTimeOf(Number(pid)) !== undefined);
  const inside = living.filter((pid) =>
    namespacesOf(pid).some((namespace) => namespaces.has(namespace)),
  );
  const named = living.filter((pid) => {
    try {
      return (
        pid !== String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
      );
    } catch {
      return false;
    }
  });
  return [
    ...inside.map((pid) => `process ${pid} in a namespace of the room`),
    ...named.map((pid) => `process ${pid} names the folder`),
    ...(readFileSync('/proc/self/mountinfo', 'utf8').includes(folder) ? ['a mount'] : []),
    ...(existsSync(folder) ? [`folder ${folder}`] : []),
  ];
}

/** Waits as long as it takes for nothing to be left; what is still there after 20 s is the answer. */
async function lastRemainsOf(folder: string, namespaces: ReadonlySet<string>): Promise<string[]> {
  for (let tries = 0; tries < 400 && remainsOf(folder, namespaces).length > 0; tries += 1)
    await sleep(50);
  return remainsOf(folder, namespaces);
}

const interfaces = () =>
  readdirSync('/sys/class/net').filter((name) => /^(pc\d|bridge0)/.test(name));

describeOnPcs('a simulated room', () => {
  const rooms = [{ name: 'a', pcs: 3 }];

  test('leaves nothing when its supervisor is killed', async () => {
    const sim = await openSim({ rooms, faults: { a01: 'slow', a02: 'frozen', a03: 'apt-locked' } });
    const namespaces = namespacesOfRoom(sim);
    expect(namespaces.size).toBe(4 * kinds.length);
    expect(remainsOf(sim.folder, namespaces).length).toBeGreaterThan(10);
    expect(interfaces()).toEqual([]);
    process.kill(sim.supervisorPid, 'SIGKILL');
    expect(await lastRemainsOf(sim.folder, namespaces)).toEqual([]);
  });

  test('leaves nothing when the program that raised it is killed', async () => {
    const script = `
      const { openSim } = await import(${JSON.stringify(new URL('../../sim/open-sim.ts', import.meta.url).href)});
      const sim = await openSim({ rooms: ${JSON.stringify(rooms)} });
      console.log(sim.folder);
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(owner.stdout, 'data')) as [Buffer];
    const sim = attachSim(line.toString().trim());
    const namespaces = namespacesOfRoom(sim);
    expect((await ssh(sim, 'a01', 'hostname')).stdout).toBe('a01\n');
    owner.kill('SIGKILL');
    expect(await lastRemainsOf(sim.folder, namespaces)).toEqual([]);
  });

  test('dies with its launcher, and the next room sweeps the folder that stays then', async () => {
    const sim = await openSim({ rooms });
    const namespaces = namespacesOfRoom(sim);
    const parentOf = (pid: number) =>
      Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    process.kill(parentOf(parentOf(sim.supervisorPid)), 'SIGKILL');
    for (let tries = 0; tries < 400 && remainsOf(sim.folder, namespaces).length > 1; tries += 1)
      await sleep(50);
    expect(remainsOf(sim.folder, namespaces)).toEqual([`folder ${sim.folder}`]);
    expect(sweepRunFolders()).toContain(sim.folder);
    expect(existsSync(sim.folder)).toBe(false);
  });

  test('leaves nothing when it is closed, and closing twice is harmless', async () => {
    const sim = await openSim({ rooms });
    const namespaces = namespacesOfRoom(sim);
    await sim.close();
    await sim.close();
    expect(remainsOf(sim.folder, namespaces)).toEqual([]);
  });

  test('that is kept outlives nobody’s death but its own end, and can be taken hold of again', async () => {
    const kept = await openSim({ rooms, keep: true });
    onTestFinished(() => kept.close());
    const again = attachSim(kept.folder);
    expect((await ssh(again, 'a02', 'hostname')).stdout).toBe('a02\n');
    await expect(openSim({ rooms, folder: kept.folder })).rejects.toMatchObject({
      kind: 'refused',
    });
    const namespaces = namespacesOfRoom(again);
    await again.close();
    expect(remainsOf(kept.folder, namespaces)).toEqual([]);
    expect(() => attachSim(kept.folder)).toThrow(expect.objectContaining({ kind: 'usage' }));
  });

  test('does not meet another one: same addresses, different PCs', async () => {
    const [one, two] = await Promise.all([openSim({ rooms }), openSim({ rooms })]);
    onTestFinished(async () => {
      await Promise.all([one.close(), two.close()]);
    });
    await ssh(one, 'a01', 'echo one >/root/mark');
    expect((await ssh(two, 'a01', 'cat /root/mark')).exitCode).toBe(1);
    expect(readFileSync(one.knownHostsPath, 'utf8')).not.toBe(
      readFileSync(two.knownHostsPath, 'utf8'),
    );
    await one.close();
    expect((await ssh(two, 'a03', 'hostname')).stdout).toBe('a03\n');
  });

  test('refuses a folder whose name the options of mount would misread, and makes nothing', async () => {
    const folder = '/run/labkit-sim/with,comma';
    await expect(openSim({ rooms, folder })).rejects.toMatchObject({ kind: 'usage' });
    expect(existsSync(folder)).toBe(false);
  });

  test('of 64 PCs comes up whole: every one answers with the key that was written down', async () => {
    const started = performance.now();
    const sim = await openSim({ rooms: [{ name: 'a', pcs: 64 }] });
    onTestFinished(() => sim.close());
    console.log(`64 PCs up in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const scan = await sim.exec([
      'ssh-keyscan',
      '-T',
      '20',
      '-t',
      'ed25519',
      ...sim.pcs.map((pc) => pc.ip),
    ]);
    const answered = scan.stdout.trim().split('\n').sort();
    const written = readFileSync(sim.knownHostsPath, 'utf8')
      .replace(/,a\d+/g, '')
      .trim()
      .split('\n')
      .sort();
    expect(answered).toHaveLength(64);
    expect(answered).toEqual(written);
  });
});
