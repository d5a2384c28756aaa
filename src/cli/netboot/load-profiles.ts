import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { listImages } from '../../imaging/image-folder.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { Problem } from '../../model/problem.ts';
import type { AnyProfile, ChosenProfile } from '../../model/profile.ts';
import { parseSiteProfile } from '../../netboot/parse-site-profile.ts';
import { chooseProfile, type ProfileShelf } from '../../netboot/select-profile.ts';
import type { SiteProfile } from '../../netboot/site-profile.ts';
import { parseYaml } from '../../store/yaml.ts';
import { loadEntries } from '../catalog.ts';
import type { Context } from '../context.ts';
import { bootFolders } from './boot-folders.ts';
import { loadPins } from './keep-pins.ts';

/** The profiles of a project, and which one a host gets. */
export interface Profiles {
  readonly shelf: ProfileShelf;
  /** `flag` is `--profile`; undefined where nothing names a profile for the host. Throws LabError 'usage' or 'input'. */
  choose(host: Host, flag?: string): ChosenProfile | undefined;
}

/** Loads the catalog's profiles and the site's own (`playbooks/profiles/*.yaml`). Throws LabError 'input' with all problems of all files. */
export async function loadProfiles(context: Context): Promise<Profiles> {
  const entries = await loadEntries<AnyProfile>(context.io.programFolder, 'catalog/profiles');
  const site = await loadSiteProfiles(context, entries);
  const folders = bootFolders(context.settings);
  const { images } = await listImages(folders.images);
  const shelf = { entries, site, pins: await loadPins(folders), images };
  return { shelf, choose: (host, flag) => chooseProfile(shelf, host, flag) };
}

async function loadSiteProfiles(
  { settings, io }: Context,
  entries: readonly AnyProfile[],
): Promise<SiteProfile[]> {
  const folder = join(settings.folder, 'playbooks', 'profiles');
  const problems: Problem[] = [];
  const found: SiteProfile[] = [];
  for (const file of await listYaml(folder)) {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new LabError('environment', `cannot read ${path}: ${error.code}`, '', { cause: error });
    });
    const shown = relative(io.cwd, path);
    const parsed = parseYaml(text, shown);
    const name = file.replace(/\.ya?ml$/, '');
    const read = parseSiteProfile(parsed.root, { file: shown, name, folder, entries });
    problems.push(...(parsed.problems.length > 0 ? parsed.problems : read.problems));
    if (read.profile) found.push(read.profile);
  }
  if (problems.length > 0)
    throw new LabError('input', 'profiles of the site have problems', '', { problems });
  return found;
}

async function listYaml(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new LabError('environment', `cannot read ${folder}: ${error.code}`);
  });
  return files.filter((file) => /^[\w-][\w.-]*\.ya?ml$/.test(file)).sort();
}
