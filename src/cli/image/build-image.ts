import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { buildArchive } from '../../imaging/build/build-archive.ts';
import { type Recipe, releases } from '../../imaging/build/recipe.ts';
import { parseMirror } from '../../imaging/deployment/mirror.ts';
import { plainName } from '../../imaging/manifest.ts';
import { LabError } from '../../model/lab-error.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { connectToRoot } from '../../transport/chroot-session.ts';
import type { Context } from '../context.ts';
import type { CommandOptions } from '../define-command.ts';
import { bootFolders } from '../netboot/boot-folders.ts';
import { runPlayCommand } from '../play/run-play-command.ts';

/** `lab image build`: reads what was asked, makes the image, says what came of it. */
export async function buildImage(
  context: Context,
  profile: string,
  options: CommandOptions,
): Promise<number> {
  const { io, settings } = context;
  const recipe = await readRecipe(context, profile, options);
  const interruption = new AbortController();
  context.defer(io.onInterrupt(() => interruption.abort()));
  const began = io.now();
  makeFolder(settings.stateFolder, 0o700);
  const playbook = recipe.playbook === '' ? '' : resolve(settings.folder, recipe.playbook);
  const image = await buildArchive(
    recipe,
    {
      images: bootFolders(settings).images,
      cache: join(settings.stateFolder, 'cache', 'packages'),
      now: io.now,
      signal: interruption.signal,
      say: (text) => io.stderr.write(`${text}\n`),
      ...(playbook === ''
        ? {}
        : { furnish: (root: string) => rollOut(context, playbook, recipe.name, root) }),
    },
    options['replace'] === true,
  );
  const mega = image.files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const minutes = ((io.now() - began) / 60_000).toFixed(1);
  io.stdout.write(
    `${image.name}: ${image.title}, ${image.packages.length} packages, ${mega.toFixed(0)} MB, stamp ${image.stamp}, made in ${minutes} min\n`,
  );
  return 0;
}

async function readRecipe(
  { io, settings }: Context,
  profile: string,
  options: CommandOptions,
): Promise<Recipe> {
  if (!Object.hasOwn(releases, profile))
    throw new LabError(
      'usage',
      `no image of ${profile} can be made here`,
      `write one of ${Object.keys(releases).join(', ')}`,
    );
  const textOf = (name: string): string => (typeof options[name] === 'string' ? options[name] : '');
  const name = textOf('name') || profile;
  if (!plainName.test(name))
    throw new LabError(
      'usage',
      `an image cannot be called ${JSON.stringify(name)}`,
      'lower-case letters, digits, dots and dashes, beginning with a letter or digit',
    );
  const packages = await readPackages(io.cwd, textOf('packages'));
  const playbook = textOf('playbook');
  const locales = wordsOf(textOf('locales'), /^[a-z]{2,3}_[A-Z]{2}\.UTF-8$/, 'locale');
  return {
    ...(await readMirrors(textOf('mirror'), textOf('securityMirror'))),
    ...{ name, profile, packages, locales },
    kernel: wordsOf(textOf('kernel'), /^linux-image-[a-z\d.+-]+$/, 'kernel')[0] ?? '',
    components: wordsOf(textOf('components'), /^[a-z-]+$/, 'component'),
    playbook: playbook === '' ? '' : relative(settings.folder, resolve(io.cwd, playbook)),
    rootMiB: 2048,
  };
}

/** A file with one package a line (`#` begins a remark), else names with commas between. */
async function readPackages(cwd: string, written: string): Promise<string[]> {
  const text = /[/.]/.test(written)
    ? await readFile(resolve(cwd, written), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' && !written.includes('/')) return written;
        throw new LabError('environment', `cannot read ${written}: ${error.code}`);
      })
    : written;
  const plain = text.replaceAll(/#.*/g, '');
  return wordsOf(plain, /^[a-z\d][a-z\d.+-]+(?::[a-z\d]+)?$/, 'package');
}

function wordsOf(text: string, grammar: RegExp, what: string): string[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const bad = words.find((word) => !grammar.test(word));
  if (bad === undefined) return words;
  throw new LabError('usage', `${JSON.stringify(bad)} is no ${what}`, 'separate them by commas');
}

/** What was asked for, else what this machine's own apt uses, else Debian's servers. */
async function readMirrors(
  mirror: string,
  securityMirror: string,
): Promise<Pick<Recipe, 'mirror' | 'securityMirror'>> {
  // Refuses what is no address of a mirror.
  for (const one of [mirror, securityMirror]) if (one !== '') await parseMirror(one);
  const own = (await parseMirror(undefined)).map((line) => line.split(' '));
  const uriOf = (isSecurity: boolean): string | undefined =>
    own.find(([, , suite = '']) => suite.endsWith('-security') === isSecurity)?.[1];
  return {
    mirror: mirror || uriOf(false) || 'http://deb.debian.org/debian',
    securityMirror: securityMirror || uriOf(true) || 'http://deb.debian.org/debian-security',
  };
}

/** Runs a playbook in the root as if it were a host by the image's name; the playbook's plays have to be for `all` or that name. */
async function rollOut(
  context: Context,
  playbook: string,
  name: string,
  root: string,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-image-'));
  try {
    const inventory = join(folder, 'image.yaml');
    await writeFile(inventory, `all:\n  hosts:\n    ${JSON.stringify(name)}:\n`);
    const inside: Context = {
      ...context,
      flags: { ...context.flags, inventory: [inventory] },
      settings: { ...context.settings, inventories: [inventory] },
      connect: async (host) => connectToRoot(host, root),
    };
    const exitCode = await runPlayCommand(inside, playbook, { tags: [], skipTags: [] });
    if (exitCode !== 0)
      throw new LabError(
        'failed',
        `the playbook did not succeed in the image (exit code ${exitCode})`,
        'its plays have to be for "all"; services cannot be started in an image, only enabled',
      );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
