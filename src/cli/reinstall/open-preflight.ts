import { verifyImage } from '../../imaging/image-folder.ts';
import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import type { Context } from '../context.ts';
import { bootFolders } from '../netboot/boot-folders.ts';
import { findStrangers } from '../netboot/find-strangers.ts';
import { buildCommand, describeMissingImage } from '../netboot/missing-assets.ts';
import { openServedAssets } from '../netboot/serve-assets.ts';
import { describeStaleSystem } from '../netboot/stale-system.ts';
import { judgeKeys, loadTechnicianKeys } from '../netboot/technician-keys.ts';
import type { Trouble } from '../netboot/trouble.ts';
import type { PreflightSteps } from './preflight.ts';

/** The kinds of profiles that leave a new system behind. */
const installs: ReadonlySet<string> = new Set(['archive', 'installer']);

/** The real looks before anything is armed. */
export function openPreflight(context: Context): PreflightSteps {
  return {
    async findStrangers(note) {
      try {
        return await findStrangers(note);
      } catch (error) {
        if (!(error instanceof LabError) || error.kind !== 'environment') throw error;
        context.io.stderr.write(`who answers DHCP is not known: ${error.message}; ${error.hint}\n`);
        return [];
      }
    },
    async findLockout({ sshKeys }, { hosts, profiles }) {
      const isNew = profiles.some(({ profile: { kind } }) => installs.has(kind));
      if (sshKeys === undefined || !isNew) return [];
      const own = await loadTechnicianKeys(context, { hosts });
      return judgeKeys(sshKeys, own, (context.io.env['SSH_AUTH_SOCK'] ?? '') !== '');
    },
    findMissing: (profiles) => findMissing(context, profiles),
  };
}

/** Every file that is missing or altered. */
async function findMissing(
  { settings, io }: Context,
  profiles: readonly ChosenProfile[],
): Promise<Trouble[]> {
  const folders = bootFolders(settings);
  const assets = openServedAssets(folders);
  const distinct = [...new Map(profiles.map((one) => [one.name, one])).values()];
  const missing: Trouble[] = [];
  for (const chosen of distinct) {
    missing.push(...(await assets.prepare(chosen)));
    missing.push(...(await describeStaleSystem(folders, io.programFolder, chosen)));
    missing.push(...(await findMissingImage(folders.images, chosen)));
  }
  return missing;
}

async function findMissingImage(
  images: string,
  chosen: ChosenProfile,
): Promise<readonly Trouble[]> {
  const { image } = chosen;
  if (!image) return describeMissingImage(chosen);
  const troubles = await verifyImage(images, image);
  return troubles.map((trouble) => ({
    message: `image ${image.name}: ${trouble}`,
    hint: `${buildCommand(chosen)} --replace, or copy the image anew`,
  }));
}
