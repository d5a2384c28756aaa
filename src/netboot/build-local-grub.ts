import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LabError } from '../model/lab-error.ts';
import { renderGrubLocal } from './texts/grub.ts';

/** The file name under which the GRUB that gets UEFI PCs to their disk is kept and served. */
export const localGrubName = 'local-disk.efi';

const modules =
  'tar memdisk normal minicmd boot chain regexp part_gpt part_msdos fat echo test sleep';

/** Makes that GRUB (x86-64, unsigned: with Secure Boot the signed one does its work) with grub-mkimage of Debian's grub-efi-amd64-bin, and puts it into `folder` whole. The same packages make the same bytes. Throws LabError 'environment' when a tool is missing. */
export async function buildLocalGrub(
  folder: string,
): Promise<{ path: string; bytes: number; sha256: string }> {
  const work = await mkdtemp(join(folder, '.local-grub-'));
  try {
    await mkdir(join(work, 'boot/grub'), { recursive: true });
    await writeFile(join(work, 'boot/grub/grub.cfg'), renderGrubLocal());
    await pack(work);
    const made = join(work, localGrubName);
    const prefix = ['-O', 'x86_64-efi', '-p', '(memdisk)/boot/grub'];
    const files = ['-o', made, '-m', join(work, 'memdisk.tar')];
    await run('grub-mkimage', [...prefix, ...files, ...modules.split(' ')]);
    const content = await readFile(made);
    const path = join(folder, localGrubName);
    await rename(made, path);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return { path, bytes: content.length, sha256 };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Times and owners are left out of the archive, or each one would have another digest. */
function pack(work: string): Promise<void> {
  const plain = ['--format=ustar', '--owner=0', '--group=0', '--mode=0644', '--mtime=@0'];
  return run('tar', [...plain, '-C', work, '-cf', join(work, 'memdisk.tar'), 'boot/grub/grub.cfg']);
}

async function run(program: string, args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(program, [...args], { timeout: 60_000 });
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    const why = code === 'ENOENT' ? `${program} is not installed` : (stderr ?? '').trim();
    throw new LabError(
      'environment',
      `the GRUB that starts local disks could not be made: ${why}`,
      'install grub-efi-amd64-bin and grub-common (Debian)',
      { cause: error },
    );
  }
}
