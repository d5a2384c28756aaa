import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VmLab } from '../../sim/vm/open-vm-lab.ts';
import { type LabProject, openLabProject } from './boot-service.ts';
import { openDeploymentSystem } from './deployment-system.ts';
import { openVmImage } from './vm-image.ts';

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
