import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openDraft } from '../../src/imaging/build/place-image.ts';
import { listImages } from '../../src/imaging/image-folder.ts';
import { makeImage } from '../helpers/make-image.ts';

const base = mkdtempSync(join(tmpdir(), 'lab-place-'));
afterAll(() => rm(base, { recursive: true, force: true }));
let images = '';
beforeEach(() => {
  images = mkdtempSync(join(base, 'case-'));
});

async function draftOf(name: string, replaces: boolean) {
  const draft = await openDraft(images, name, replaces);
  const made = await makeImage(mkdtempSync(join(base, 'made-')), name);
  await writeFile(join(draft.folder, 'root.tar.zst'), 'content');
  return { draft, made };
}

describe('an image that is made', () => {
  it('appears in its place whole, and not before', async () => {
    const { draft, made } = await draftOf('debian-12', false);
    expect((await listImages(images)).images).toEqual([]);
    await draft.place(made);
    await draft.drop();
    expect((await listImages(images)).images).toEqual([made]);
    expect(await readdir(images)).toEqual(['debian-12']);
  });

  it('leaves nothing when it is given up', async () => {
    const { draft } = await draftOf('debian-12', false);
    await draft.drop();
    expect(await readdir(images)).toEqual([]);
  });

  it('takes the place of another one only where that is asked for', async () => {
    await makeImage(images, 'debian-12');
    await expect(openDraft(images, 'debian-12', false)).rejects.toMatchObject({ kind: 'refused' });
    const { draft, made } = await draftOf('debian-12', true);
    await draft.place(made);
    expect((await listImages(images)).images).toEqual([made]);
    expect(await readdir(images)).toEqual(['debian-12']);
  });

  it('brings back the one that a build put aside before it was killed, and clears what it left', async () => {
    const old = await makeImage(images, 'debian-12');
    await rename(join(images, 'debian-12'), join(images, '.debian-12.old'));
    // No process has this number: the kernel's limit is below it (proc(5), pid_max).
    await mkdir(join(images, '.debian-12.4194399.new'));
    await expect(openDraft(images, 'debian-12', false)).rejects.toThrow('exists');
    expect((await listImages(images)).images).toEqual([old]);
    expect(await readdir(images)).toEqual(['debian-12']);
  });
});
