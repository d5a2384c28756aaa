import { open } from 'node:fs/promises';
import { LabError } from '../../model/lab-error.ts';
import type { RunProgram } from './asset-types.ts';
import { explainDisk } from './disk-trouble.ts';

/** A CD image that can be looked into. */
export interface Iso {
  /** What it says that it is: the volume name, such as `Debian 12.8.0 amd64 n`. */
  readonly label: string;
  /** All files, with forward slashes and without a leading one. */
  readonly names: readonly string[];
  /** Unpacks files, by names as listed, below a folder. */
  extract(names: readonly string[], folder: string): Promise<void>;
}

interface Reader {
  list(iso: string): Promise<string[]>;
  extract(iso: string, names: readonly string[], folder: string): Promise<unknown>;
}

/** Looks into a CD image with the first program that is here and sees more than a note to the reader. Microsoft's are UDF (ECMA-167), which 7z reads and xorriso does not. Throws LabError: 'input' for a file that is no CD image, 'environment' where no program can read it. */
export async function openIso(path: string, runProgram: RunProgram): Promise<Iso> {
  const { label, isUdf } = await readVolume(path);
  const said: string[] = [];
  const best = await findReader(path, runProgram, said);
  if (best === undefined || (isUdf && best.names.length <= 1))
    throw new LabError(
      'environment',
      `${path} (${label}) can be read by no program here`,
      ['install 7z: apt-get install p7zip-full', ...said].join('\n'),
    );
  const { reader, names } = best;
  const extract = async (wanted: readonly string[], folder: string): Promise<void> => {
    await reader.extract(path, wanted, folder);
  };
  return { label, names, extract };
}

/** The reader that sees most; what the others said is added to `said`. */
async function findReader(
  path: string,
  runProgram: RunProgram,
  said: string[],
): Promise<{ reader: Reader; names: string[] } | undefined> {
  let best: { reader: Reader; names: string[] } | undefined;
  for (const [program, reader] of Object.entries(readersOf(runProgram))) {
    const names = await reader.list(path).catch((error: unknown) => {
      if (!(error instanceof LabError) || error.kind === 'cancelled') throw error;
      said.push(`${program}: ${error.message}`);
      return [];
    });
    if (names.length > (best?.names.length ?? 0)) best = { reader, names };
    // One name alone is the note that a UDF medium shows to those who read ISO 9660.
    if (names.length > 1) break;
  }
  return best;
}

/** The primary volume descriptor (ECMA-119, 8.4) and whether there is a UDF one (ECMA-167, 2/9.1). */
async function readVolume(path: string): Promise<{ label: string; isUdf: boolean }> {
  const sector = 2048;
  const area = Buffer.alloc(32 * sector);
  try {
    await using file = await open(path, 'r');
    await file.read(area, 0, area.length, 16 * sector);
  } catch (error) {
    throw explainDisk(error, path);
  }
  const words: string[] = [];
  for (let at = 0; at < area.length; at += sector)
    words.push(area.toString('latin1', at + 1, at + 6));
  const isUdf = words.includes('NSR02') || words.includes('NSR03');
  if (words[0] !== 'CD001' && !isUdf)
    throw new LabError(
      'input',
      `${path} is no CD image`,
      'name the .iso file as it was downloaded',
    );
  const label = area.toString('latin1', 40, 72);
  return { label: label.replaceAll(/[^ -~]/g, '').trim() || 'without a name', isUdf };
}

function readersOf(run: RunProgram): { readonly [program: string]: Reader } {
  const sevenZip = (program: string): Reader => ({
    list: async (iso) => listOf7z(await run(program, ['l', '-ba', '-slt', '--', iso])),
    extract: (iso, names, folder) => run(program, ['x', '-y', `-o${folder}`, '--', iso, ...names]),
  });
  return {
    '7z': sevenZip('7z'),
    '7zz': sevenZip('7zz'),
    bsdtar: {
      list: async (iso) => linesOf(await run('bsdtar', ['-tf', iso])).filter(isFile),
      extract: (iso, names, folder) => run('bsdtar', ['-xf', iso, '-C', folder, '--', ...names]),
    },
    xorriso: {
      list: async (iso) =>
        linesOf(await run('xorriso', [...xorrisoOpen(iso), '-find', '/', '-type', 'f']))
          .filter((line) => line.startsWith("'/"))
          .map((line) => line.replace(/^'\/(.*)'$/, '$1').replaceAll("'\"'\"'", "'")),
      extract: (iso, names, folder) =>
        run('xorriso', [
          ...['-osirrox', 'on', ...xorrisoOpen(iso)],
          ...names.flatMap((name) => ['-extract', `/${name}`, `${folder}/${name}`]),
        ]),
    },
  };
}

const xorrisoOpen = (iso: string): string[] => ['-report_about', 'SORRY', '-indev', iso];
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const isFile = (name: string): boolean => !name.endsWith('/');

/** `Path = …` and `Folder = …` of 7z's technical list. */
function listOf7z(text: string): string[] {
  return text.split(/\n\n+/).flatMap((part) => {
    const name = /^Path = (.+)$/m.exec(part)?.[1];
    return name === undefined || /^Folder = \+$/m.test(part) ? [] : [name.replaceAll('\\', '/')];
  });
}
