import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import type { AssetSource } from '../../model/profile.ts';
import type { AssetEffects, FoundAsset } from './asset-types.ts';

type PackageSource = AssetSource & { from: 'package' };

/** Takes a file out of a Debian package that apt fetches: apt-get(8) refuses one that the archive's signature does not cover. `keep` is given the unpacked file. Throws LabError 'environment'. */
export async function takeFromPackage(
  source: PackageSource,
  { folder, runProgram, signal }: Pick<AssetEffects, 'folder' | 'runProgram' | 'signal'>,
  keep: (path: string) => Promise<FoundAsset>,
): Promise<FoundAsset> {
  const work = await mkdtemp(join(folder, '.package-'));
  try {
    const quiet = ['-q', '-o', 'APT::Sandbox::User=root'];
    const cannot = ['-o', 'APT::Get::AllowUnauthenticated=false'];
    await runProgram('apt-get', [...quiet, ...cannot, 'download', '--', source.package], {
      cwd: work,
      signal,
    });
    const [deb] = (await readdir(work)).filter((name) => name.endsWith('.deb'));
    if (deb === undefined)
      throw new LabError('environment', `apt-get brought no package ${source.package}`);
    await runProgram('dpkg-deb', ['-x', join(work, deb), join(work, 'content')], { signal });
    return await keep(join(work, 'content', source.path.replace(/^\/+/, '')));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
