import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VmLab } from '../../sim/vm/open-vm-lab.ts';
import { type LabProject, openLabProject } from './boot-service.ts';
import { openDeploymentSystem } from './deployment-system.ts';
import { openVmImage } from './vm-image.ts';

const program = join(import.meta.dirname, '..', '..', 'src', 'cli', 'bin.ts');
/** Outlives a test run. */
const cache = '/var/cache/labkit';

/** The folder of a deployment system that is kept between test runs, made here when it is not there: outside of a laboratory, which has no way to a Debian mirror. */
export function openKeptSystem(): string {
  const kept = join(cache, 'deployment-system');
  if (!existsSync(join(kept, 'manifest.json'))) buildSystem(cache);
  return kept;
}

/** A project whose virtual PCs can be installed: a technician's key (its path goes into the inventory), the deployment system, the image `debian-12`. */
export async function openVmProject(
  lab: VmLab,
  inventory: (key: string) => string,
): Promise<LabProject & { readonly key: string }> {
  const key = join(lab.segment.folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const project = openLabProject(lab, inventory(key));
  writeFileSync(join(project.folder, 'lab.yaml'), 'state: .lab\n');
  const { images } = await openVmImage();
  const state = join(project.folder, '.lab');
  mkdirSync(state, { mode: 0o700 });
  symlinkSync(images, join(state, 'images'));
  symlinkSync(await openDeploymentSystem(), join(state, 'deployment-system'));
  return { ...project, key };
}

function buildSystem(state: string): void {
  const args = [program, '--state', state, 'image', 'build-system'];
  execFileSync(process.execPath, args, { stdio: 'pipe' });
}
