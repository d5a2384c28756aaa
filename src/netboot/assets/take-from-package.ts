import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import type { AssetSource } from '../../model/profile.ts';
import type { AssetEffects, FoundAsset } from './asset-types.ts';

type PackageSource = AssetSource & { from: 'package' };
type PackageEffects = Pick<AssetEffects, 'folder' | 'runProgram' | 'signal'>;

/** Debian packages that files are taken out of: each is fetched once, however many files it holds. */
export interface Packages {
  /** Takes a file out of a package that apt fetches: apt-get(8) refuses one that the archive's signature does not cover. `keep` is given the unpacked file. Throws LabError 'environment'. */
  take(source: PackageSource, keep: (path: string) => Promise<FoundAsset>): Promise<FoundAsset>;
  /** Removes what was unpacked. */
  forget(): Promise<void>;
}

/** Opens an empty shelf of packages; they lie beside the assets until they are forgotten. */
export function openPackages(effects: PackageEffects): Packages {
  const unpacked = new Map<string, string>();
  return {
    async take(source, keep) {
      const work = unpacked.get(source.package) ?? (await unpack(source.package, effects));
      unpacked.set(source.package, work);
      return keep(join(work, 'content', source.path.replace(/^\/+/, '')));
    },
    async forget() {
      for (const [name, work] of unpacked) {
        unpacked.delete(name);
        await rm(work, { recursive: true, force: true });
      }
    },
  };
}

async function unpack(
  name: string,
  { folder, runProgram, signal }: PackageEffects,
): Promise<string> {
  const work = await mkdtemp(join(folder, '.package-'));
  try {
    const quiet = ['-q', '-o', 'APT::Sandbox::User=root'];
    const cannot = ['-o', 'APT::Get::AllowUnauthenticated=false'];
    // A folder of its own: apt-get does not look into a file of this name that is there already.
    await runProgram('apt-get', [...quiet, ...cannot, 'download', '--', name], {
      cwd: work,
      signal,
    });
    const [deb] = (await readdir(work)).filter((file) => file.endsWith('.deb'));
    if (deb === undefined) throw new LabError('environment', `apt-get brought no package ${name}`);
    await runProgram('dpkg-deb', ['-x', join(work, deb), join(work, 'content')], { signal });
    await rm(join(work, deb));
    return work;
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  }
}
