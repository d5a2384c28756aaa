import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import type { Context } from '../context.ts';
import { loadServiceNote, type ServiceNote } from '../netboot/service-note.ts';
import { requireNone, type Trouble } from '../netboot/trouble.ts';

/** What is looked at before anything is armed; each throws LabError with what to do. */
export interface PreflightSteps {
  /** Sentences that name DHCP servers nobody expects on the segment; none where all is well. */
  findStrangers(note: ServiceNote): Promise<readonly string[]>;
  /** Verifies every asset and image of the profiles by its SHA-256; says which are missing or altered. */
  findMissing(profiles: readonly ChosenProfile[]): Promise<readonly Trouble[]>;
}

/** Refuses to arm anything while the boot service does not answer, a foreign DHCP server does, or a file that PCs need is missing or altered; all of it at once. */
export async function requireReady(
  context: Context,
  asked: AskedReady,
  steps: PreflightSteps,
): Promise<void> {
  const obstacles = await findObstacles(context, asked, steps);
  requireNone(obstacles[0]?.kind ?? 'environment', obstacles, 'nothing was armed');
}

/** What a reinstallation needs besides the hosts. */
export interface AskedReady {
  readonly bootService?: string;
  readonly profiles: readonly ChosenProfile[];
}

/** Everything that is in the way of arming hosts now. */
export async function findObstacles(
  { settings }: Context,
  { bootService, profiles }: AskedReady,
  steps: PreflightSteps,
): Promise<readonly LabError[]> {
  const note = await loadServiceNote(settings.stateFolder);
  const obstacles: LabError[] = [];
  const looks = [
    () => requireService(bootService ?? note?.url),
    async () => {
      for (const { message, hint } of await steps.findMissing(profiles))
        obstacles.push(new LabError('environment', message, hint));
    },
    async () => {
      if (note && bootService === undefined) refuseStrangers(await steps.findStrangers(note));
    },
  ];
  for (const look of looks)
    await look().catch((error: unknown) => {
      if (!(error instanceof LabError)) throw error;
      obstacles.push(error);
    });
  return obstacles;
}

function refuseStrangers(strangers: readonly string[]): void {
  if (strangers.length === 0) return;
  throw new LabError(
    'refused',
    strangers.join('; '),
    'find it by its MAC address at the switch and take it off the network (DHCP snooping keeps it off); where it is meant to be there, start the boot service with --dhcp-server ADDRESS',
  );
}

async function requireService(url: string | undefined): Promise<void> {
  const hint = 'start it with this state folder: lab netboot serve';
  if (url === undefined)
    throw new LabError('environment', 'no boot service runs for this project', hint);
  const said = await fetch(`${url}/boot/health`, { signal: AbortSignal.timeout(5_000) }).then(
    async (reply) => (reply.ok ? (await reply.text()).trim() : `status ${reply.status}`),
    (error: unknown) => (error instanceof Error ? (error.cause ?? error) : error),
  );
  if (said === 'ok') return;
  const why = said instanceof Error ? said.message : String(said);
  throw new LabError(
    'environment',
    `the boot service at ${url} does not answer (${why.slice(0, 120)})`,
    hint,
  );
}
