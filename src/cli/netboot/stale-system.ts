import { join } from 'node:path';
import { isStaleSystem } from '../../imaging/deployment/system-recipe.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import type { BootFolders } from './boot-folders.ts';
import type { Trouble } from './trouble.ts';

/** What to say where a profile boots a deployment system that another version of Labkit made: its programs choose and write the disks, and they are not those of now. */
export async function describeStaleSystem(
  folders: Pick<BootFolders, 'deploymentSystem'>,
  programFolder: string,
  { profile, options }: ChosenProfile,
): Promise<Trouble[]> {
  const isUsed = profile
    .assets(options)
    .some(({ sources }) => sources.some(({ from }) => from === 'deployment-system'));
  const programs = join(programFolder, 'imaging', 'deployment', 'target');
  if (!isUsed || !(await isStaleSystem(folders.deploymentSystem, programs))) return [];
  return [
    {
      message: 'the deployment system was made by another version of Labkit',
      hint: 'lab image build-system',
    },
  ];
}
