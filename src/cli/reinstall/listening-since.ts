import { loadServiceNote } from '../netboot/service-note.ts';

/** Since when the boot service of this state folder hears of targets, milliseconds since 1970; `now` while it does not run, whether it was ended or died. */
export async function listeningSince(stateFolder: string, now: number): Promise<number> {
  const note = await loadServiceNote(stateFolder);
  if (!note || !isThere(note.pid)) return now;
  return Date.parse(note.startedAt);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process, such as root's, is there all the same (kill(2)).
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
