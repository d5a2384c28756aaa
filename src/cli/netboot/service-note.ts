import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import { writeFileWhole } from '../../store/write-file.ts';

/** What a boot service that runs writes into the state folder, so that other commands find it: `netboot-service.json`. */
export interface ServiceNote {
  /** `http://10.1.0.2:8080`, no slash at its end. */
  readonly url: string;
  readonly interface: string;
  readonly mode: 'proxy' | 'dhcp' | 'external';
  readonly pid: number;
  /** Addresses of the DHCP servers that were there when it began, and are meant to be. */
  readonly dhcpServers?: readonly string[];
  /** Public keys that new systems accept (authorized_keys lines). */
  readonly sshKeys?: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
}

const noteIn = (stateFolder: string): string => join(stateFolder, 'netboot-service.json');

/** Tells where the boot service is; returns how to take it back. */
export async function saveServiceNote(
  stateFolder: string,
  note: ServiceNote,
): Promise<() => Promise<void>> {
  const file = noteIn(stateFolder);
  await writeFileWhole(file, `${JSON.stringify(note, undefined, 2)}\n`, { mode: 0o600 });
  return () => rm(file, { force: true });
}

/** Whether a boot service answers there. */
export function answersAt(url: string): Promise<boolean> {
  return fetch(`${url}/boot/health`, { signal: AbortSignal.timeout(3000) }).then(
    (reply) => reply.ok,
    () => false,
  );
}

/** Two services of one project would take each other's ports. Throws LabError 'environment' while one answers. */
export async function requireNoService(stateFolder: string): Promise<void> {
  const note = await loadServiceNote(stateFolder);
  if (!note || !(await answersAt(note.url))) return;
  throw new LabError(
    'environment',
    `the boot service of this project runs already: ${note.url}, process ${note.pid}`,
    'lab netboot status shows it; end it first where it runs (Ctrl-C, or systemctl stop labkit-netboot)',
  );
}

/** Where the boot service is, or was before it died; undefined when there was none. */
export async function loadServiceNote(stateFolder: string): Promise<ServiceNote | undefined> {
  const text = await readFile(noteIn(stateFolder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as ServiceNote;
  } catch {
    return undefined;
  }
}
