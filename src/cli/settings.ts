import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import type { LocalBoot } from '../model/local-boot.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';
import { type RegistrySettings, readSettingsFile } from './settings-file.ts';

/** What `lab.yaml` of a project says, with defaults filled in. */
export interface Settings {
  /** The folder of `lab.yaml`, else the current one. */
  readonly folder: string;
  /** Paths as typed, or from the current folder. */
  readonly inventories: readonly string[];
  readonly stateFolder: string;
  readonly lang: 'en' | 'zh-CN';
  readonly registry: RegistrySettings;
  /** How PCs of a model get from the network boot to their disk. */
  readonly localBoots: ReadonlyMap<string, LocalBoot>;
}

/** Finds the project's settings from the current folder upwards and combines them with flags and environment: flags win, then `LAB_INVENTORY`, then the file. */
export async function loadSettings(flags: Flags, io: Io): Promise<Settings> {
  const found = await findSettingsFile(io.cwd);
  const folder = found === undefined ? io.cwd : dirname(found.file);
  const written = readSettingsFile(found?.file ?? '', found?.text ?? '');
  const inventories =
    flags.inventory.length > 0
      ? flags.inventory
      : io.env['LAB_INVENTORY']
        ? io.env['LAB_INVENTORY'].split(',')
        : (written.inventory ?? ['inventories']).map((path) => fromHere(resolve(folder, path), io));
  const state =
    flags.state === undefined
      ? resolve(folder, written.state ?? '.lab')
      : resolve(io.cwd, flags.state);
  return {
    folder,
    inventories,
    stateFolder: state,
    lang: flags.lang ?? languageOf(written.lang, io),
    registry: written.registry,
    localBoots: written.localBoots ?? new Map(),
  };
}

/** A path as a person in the current folder would write it: places in reports can be clicked and copied. */
function fromHere(path: string, { cwd }: Io): string {
  return relative(cwd, path) || '.';
}

function languageOf(written: string | undefined, io: Io): 'en' | 'zh-CN' {
  const locale = written ?? io.env['LC_ALL'] ?? io.env['LC_MESSAGES'] ?? io.env['LANG'] ?? '';
  return /^zh/i.test(locale) ? 'zh-CN' : 'en';
}

async function findSettingsFile(
  start: string,
): Promise<{ file: string; text: string } | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, 'lab.yaml');
    try {
      return { file, text: await readFile(file, 'utf8') };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR')
        throw new LabError('environment', `cannot read ${file}: ${code}`);
    }
    if (folder === dirname(folder)) return undefined;
  }
}
