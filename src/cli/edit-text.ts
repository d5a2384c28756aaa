import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { splitShellWords } from '../inventory/shell-words.ts';
import { LabError } from '../model/lab-error.ts';
import type { Io } from './io.ts';

/** Lets a person edit a text in $EDITOR (vi without one). The text lies in a private folder, which is removed whatever happens. Throws LabError 'failed' when the editor fails: then nothing is changed. */
export async function editText(io: Io, name: string, before: Uint8Array): Promise<Uint8Array> {
  const folder = await mkdtemp(join(await placeOf(io), 'lab-vault-'));
  // The editor gets Ctrl-C as well and decides; leaving before it would leave the text behind.
  const stopListening = io.onInterrupt(() => {});
  try {
    const file = join(folder, basename(name));
    await writeFile(file, before, { mode: 0o600 });
    await runEditor(io, file);
    return await readFile(file);
  } finally {
    stopListening();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A place in memory that belongs to the user, where there is one, so that no plain text reaches a disk. */
async function placeOf({ env }: Io): Promise<string> {
  for (const place of [env['XDG_RUNTIME_DIR'], '/dev/shm']) {
    if (place === undefined || place === '') continue;
    const isUsable = await access(place, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isUsable) return place;
  }
  return tmpdir();
}

async function runEditor({ env }: Io, file: string): Promise<void> {
  const words = splitShellWords(env['EDITOR'] ?? 'vi');
  const [program, ...args] = 'problem' in words ? [] : words.map(({ text }) => text);
  if (program === undefined)
    throw new LabError(
      'usage',
      `$EDITOR is "${env['EDITOR']}", which names no program`,
      'set EDITOR=vi',
    );
  const { execa } = await import('execa');
  const { exitCode, code } = await execa(program, [...args, file], {
    reject: false,
    stdio: 'inherit',
  });
  if (exitCode === 0) return;
  throw new LabError(
    'failed',
    `the editor ${program} failed (${exitCode ?? code}); nothing was changed`,
  );
}
