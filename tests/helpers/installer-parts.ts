import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import debian from '../../src/catalog/profiles/debian-12-installer.ts';
import { runProgram } from '../../src/imaging/run-program.ts';
import { readOptions } from '../../src/model/options.ts';
import { openAssetStore } from '../../src/netboot/assets/asset-store.ts';

/** Where what apt brought outlives a test run. */
const cache = '/var/cache/labkit/installer';

/** The kernel (`linux`) and initramfs (`initrd.gz`) of debian-installer, from the package that its profile names. */
export async function fetchInstaller(): Promise<{ linux: string; initrd: string }> {
  const place = { linux: join(cache, 'linux'), initrd: join(cache, 'initrd.gz') };
  if (existsSync(place.linux) && existsSync(place.initrd)) return place;
  mkdirSync(cache, { recursive: true });
  const { signal } = new AbortController();
  const store = openAssetStore({
    ...{ folder: join(cache, 'assets'), deploymentFolder: '', stallMs: 60_000 },
    ...{ fetch, signal, runProgram, deploymentDigest: async () => undefined },
  });
  try {
    const { options } = readOptions(debian.options, {});
    for (const wish of debian.assets(options))
      copyFileSync((await store.fetch(wish)).path, join(cache, wish.name));
  } finally {
    await store.forgetPackages();
  }
  return place;
}

/** A part of the installer (an udeb) as Debian has it. Many package mirrors lack most of them. */
export function fetchPart(name: string): string {
  const folder = join(cache, 'parts');
  const found = () => readdirSync(folder).find((file) => file.startsWith(`${name}_`));
  mkdirSync(join(folder, 'lists', 'partial'), { recursive: true });
  if (found() === undefined) {
    const list = join(folder, 'sources.list');
    writeFileSync(list, 'deb http://deb.debian.org/debian bookworm main/debian-installer\n');
    const settings = {
      ...{ 'Dir::Etc::sourcelist': list, 'Dir::Etc::sourceparts': '-', 'Dir::Cache': folder },
      ...{ 'Dir::State::lists': join(folder, 'lists'), 'APT::Sandbox::User': 'root' },
    };
    const words = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    execFileSync('apt-get', [...words, '-q', 'update'], { stdio: 'pipe' });
    execFileSync('apt-get', [...words, '-q', 'download', name], { cwd: folder, stdio: 'pipe' });
  }
  return join(folder, found() ?? '');
}
