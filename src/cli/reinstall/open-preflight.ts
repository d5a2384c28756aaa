import { verifyImage } from '../../imaging/image-folder.ts';
import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import type { Context } from '../context.ts';
import { bootFolders } from '../netboot/boot-folders.ts';
import { findStrangers } from '../netboot/find-strangers.ts';
import { openServedAssets } from '../netboot/serve-assets.ts';
import type { PreflightSteps } from './preflight.ts';

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
    verifyAssets: (profiles) => verifyAssets(context, profiles),
  };
}

/** Throws LabError 'environment' that names every file which is missing or altered. */
async function verifyAssets(
  { settings }: Context,
  profiles: readonly ChosenProfile[],
): Promise<void> {
  const folders = bootFolders(settings);
  const assets = openServedAssets(folders);
  const distinct = [...new Map(profiles.map((one) => [one.name, one])).values()];
  const missing: string[] = [];
  for (const chosen of distinct) {
    missing.push(...(await assets.prepare(chosen)));
    missing.push(...(await missingImage(folders.images, chosen)));
  }
  if (missing.length > 0)
    throw new LabError(
      'environment',
      missing.join('; '),
      'lab netboot prepare shows all that is missing',
    );
}

async function missingImage(images: string, { profile, options, image }: ChosenProfile) {
  const wanted = profile.image?.(options);
  if (wanted === undefined) return [];
  if (!image) return [`there is no image ${wanted}: lab image build makes it`];
  const troubles = await verifyImage(images, image);
  return troubles.map((trouble) => `image ${image.name}: ${trouble}`);
}
