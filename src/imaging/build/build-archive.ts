import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from '../../model/image.ts';
import { LabError } from '../../model/lab-error.ts';
import { chunkBytes } from '../chunks.ts';
import { stampOf } from '../manifest.ts';
import { requireRoom } from '../require-room.ts';
import { runProgram } from '../run-program.ts';
import { packRoot } from './pack-root.ts';
import { openDraft } from './place-image.ts';
import { bootstrapArgs, layoutOf, type Recipe, releases, sourceLines } from './recipe.ts';
import { judgeScript, settleScript, tidyScript } from './root-scripts.ts';

/** What a build is handed. */
export interface BuildEffects {
  /** Where images are kept. */
  readonly images: string;
  /** Where downloaded packages are kept between builds. */
  readonly cache: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told what is being done. */
  say(text: string): void;
  /** Rolls a playbook out into the root; throws when it failed. */
  furnish?(root: string): Promise<void>;
}

/** Makes an image of a Debian system with mmdebstrap and puts it in its place, whole or not at all. Nothing of the root is started. Throws LabError: 'refused' when it exists, 'environment' without root's rights, a program, a package or room. */
export async function buildArchive(
  recipe: Recipe,
  effects: BuildEffects,
  replaces: boolean,
): Promise<Image> {
  requireRoot();
  const draft = await openDraft(effects.images, recipe.name, replaces);
  const root = join(draft.folder, 'root');
  try {
    await requireRoom(effects.images, roomBytes, 'making an image');
    await makeRoot(recipe, root, effects);
    const image = await packImage(recipe, { root, folder: draft.folder }, effects);
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
    await draft.place(image);
    return image;
  } finally {
    await draft.drop();
  }
}

/** The unpacked root, its packages twice and the archive: a plain Debian takes half of it. */
const roomBytes = 2.5e9;

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new LabError(
    'environment',
    'a root archive can only be made by root: its files belong to many users',
    'run it with sudo, or build the image on another machine and copy its folder',
  );
}

async function makeRoot(recipe: Recipe, root: string, effects: BuildEffects): Promise<void> {
  const { signal, say, cache } = effects;
  await mkdir(cache, { recursive: true });
  say(`fetching and unpacking packages from ${recipe.mirror}`);
  await runProgram('mmdebstrap', bootstrapArgs(recipe, root, cache), {
    signal,
    onLine: (line) => {
      if (/^I: (?!automatically|chroot arch|using|removing|success|done)/.test(line))
        say(line.slice(3));
    },
  });
  await runIn(root, settleScript, recipe.locales, signal);
  if (effects.furnish) {
    say(`rolling out ${recipe.playbook}`);
    await copyFile('/etc/resolv.conf', join(root, 'etc', 'resolv.conf.controller'));
    await runIn(root, 'mv -f /etc/resolv.conf.controller /etc/resolv.conf', [], signal);
    await effects.furnish(root);
  }
  const lacking = await runIn(root, judgeScript, [], signal);
  if (lacking.trim() !== '')
    throw new LabError(
      'environment',
      `the system that was made lacks ${lacking.trim().split('\n').join(', ')}`,
      'look at the packages, and at what the playbook removes',
    );
  await runIn(root, tidyScript, [], signal);
}

/** Runs a script in the root, with mounts and processes that are gone when it ends. */
async function runIn(
  root: string,
  script: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const space = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  const inside = [
    ...['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C.UTF-8', 'HOME=/root'],
    ...['/bin/sh', '-s', '--', ...args],
  ];
  const enter = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
  const command = ['sh', '-c', enter, root, ...inside];
  return runProgram('unshare', [...space, '--', ...command], { input: script, signal });
}

async function packImage(
  recipe: Recipe,
  { root, folder }: { root: string; folder: string },
  { signal, say, now }: BuildEffects,
): Promise<Image> {
  say('packing');
  const packages = await listPackages(root);
  const packed = await packRoot(root, join(folder, 'root.tar.zst'), { chunkBytes, signal });
  const { bytes, contentBytes, sha256, chunks } = packed;
  const image = {
    schema: 'lab.image/1',
    name: recipe.name,
    kind: 'archive',
    title: releases[recipe.profile]?.title ?? recipe.profile,
    arch: 'amd64',
    origin: {
      profile: recipe.profile,
      packages: recipe.packages.join(' '),
      kernel: recipe.kernel,
      playbook: recipe.playbook,
      sources: sourceLines(recipe).join('; '),
      locales: recipe.locales.join(' '),
    },
    layout: layoutOf(recipe),
    files: [
      {
        name: 'root.tar.zst',
        role: 'root-archive',
        bytes,
        contentBytes,
        sha256,
        chunkBytes,
        chunks,
      },
    ],
    packages,
  } as const;
  return { ...image, madeAt: new Date(now()).toISOString(), stamp: stampOf(image) };
}

/** Installed packages by dpkg's own list (deb822(5)). */
async function listPackages(root: string): Promise<{ name: string; version: string }[]> {
  const status = await readFile(join(root, 'var', 'lib', 'dpkg', 'status'), 'utf8');
  return status.split('\n\n').flatMap((paragraph) => {
    const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(paragraph)?.[1];
    const [name, version] = [field('Package'), field('Version')];
    const isInstalled = field('Status') === 'install ok installed';
    return isInstalled && name && version ? [{ name, version }] : [];
  });
}
