import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import type { Sim } from './sim.ts';

/** Brings this machine's curl and the libraries it needs to a PC: those have none. The PCs' base is of this machine's release. */
export async function bringCurl(sim: Sim, host: string): Promise<void> {
  const curl = spawnSync('sh', ['-c', 'command -v curl'], { encoding: 'utf8' }).stdout.trim();
  const needs = spawnSync('ldd', [curl], { encoding: 'utf8' }).stdout;
  // By the names they are asked for, in the folder those really lie in: /lib is a link.
  const libraries = [...needs.matchAll(/=> (\S+)\/([^/\s]+) /g)]
    .filter(([, , name]) => !/^lib(?:c|m|pthread|dl)\.so/.test(name ?? ''))
    .map(([, folder = '', name]) => `${realpathSync(folder)}/${name}`);
  const packed = spawnSync('tar', ['-chPf', '-', realpathSync(curl), ...libraries], {
    maxBuffer: 1e9,
  });
  const done = await sim.inside(host, ['tar', '-xPf', '-'], { input: packed.stdout });
  const works = await sim.inside(host, ['curl', '--version']);
  if (packed.status !== 0 || done.exitCode !== 0 || works.exitCode !== 0)
    throw new Error(`curl: ${packed.stderr}${done.stderr}${works.stderr}`);
}
