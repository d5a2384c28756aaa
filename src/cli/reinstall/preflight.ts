import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import type { Context } from '../context.ts';
import { loadServiceNote, type ServiceNote } from '../netboot/service-note.ts';

/** What is looked at before anything is armed; each throws LabError with what to do. */
export interface PreflightSteps {
  /** Sentences that name DHCP servers nobody expects on the segment; none where all is well. */
  findStrangers(note: ServiceNote): Promise<readonly string[]>;
  /** Verifies every asset and image of the profiles by its SHA-256. */
  verifyAssets(profiles: readonly ChosenProfile[]): Promise<void>;
}

/** Refuses to arm anything while the boot service does not answer, a foreign DHCP server does, or a file that PCs need is missing or altered. */
export async function requireReady(
  context: Context,
  asked: { readonly bootService?: string; readonly profiles: readonly ChosenProfile[] },
  steps: PreflightSteps,
): Promise<void> {
  const note = await loadServiceNote(context.settings.stateFolder);
  await requireService(asked.bootService ?? note?.url);
  await steps.verifyAssets(asked.profiles);
  const strangers = note && asked.bootService === undefined ? await steps.findStrangers(note) : [];
  if (strangers.length === 0) return;
  throw new LabError(
    'refused',
    `${strangers.join('; ')}; nothing was armed`,
    'find it by its MAC address at the switch and take it off the network; DHCP snooping keeps it off',
  );
}

async function requireService(url: string | undefined): Promise<void> {
  const hint = 'start it with this state folder: lab netboot serve';
  if (url === undefined)
    throw new LabError(
      'environment',
      'no boot service runs for this project; nothing was armed',
      hint,
    );
  const said = await fetch(`${url}/boot/health`, { signal: AbortSignal.timeout(5_000) }).then(
    async (reply) => (reply.ok ? (await reply.text()).trim() : `status ${reply.status}`),
    (error: unknown) => (error instanceof Error ? (error.cause ?? error) : error),
  );
  if (said === 'ok') return;
  const why = said instanceof Error ? said.message : String(said);
  throw new LabError(
    'environment',
    `the boot service at ${url} does not answer (${why.slice(0, 120)}); nothing was armed`,
    hint,
  );
}
