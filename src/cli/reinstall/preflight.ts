import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import type { Context } from '../context.ts';
import { loadServiceNote, type ServiceNote } from '../netboot/service-note.ts';
import { requireNone, type Trouble } from '../netboot/trouble.ts';

/** What is looked at before anything is armed; each throws LabError with what to do. */
export interface PreflightSteps {
  /** Sentences that name DHCP servers nobody expects on the segment; none where all is well. */
  findStrangers(note: ServiceNote): Promise<readonly string[]>;
  /** Whether we would get into the new systems at all. */
  findLockout(note: ServiceNote, asked: AskedReady): Promise<readonly Trouble[]>;
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
  readonly hosts: readonly Host[];
}

/** Everything that is in the way of arming hosts now. */
export async function findObstacles(
  { settings }: Context,
  asked: AskedReady,
  steps: PreflightSteps,
): Promise<readonly LabError[]> {
  const { bootService, profiles } = asked;
  const note = await loadServiceNote(settings.stateFolder);
  const local = bootService === undefined ? note : undefined;
  const obstacles: LabError[] = [];
  const take = (troubles: readonly Trouble[]) => {
    for (const { message, hint } of troubles)
      obstacles.push(new LabError('environment', message, hint));
  };
  const looks = [
    () => requireService(bootService ?? note?.url),
    async () => take(await steps.findMissing(profiles)),
    async () => take(local ? await steps.findLockout(local, asked) : []),
    async () => {
      const strangers = local ? await steps.findStrangers(local) : [];
      obstacles.push(...strangers.map((one) => new LabError('refused', one, strangerHint)));
    },
  ];
  for (const look of looks)
    await look().catch((error: unknown) => {
      if (!(error instanceof LabError)) throw error;
      obstacles.push(error);
    });
  return obstacles;
}

const strangerHint =
  'find it by its MAC address at the switch and take it off the network (DHCP snooping keeps it off); where it is meant to be there, start the boot service with --dhcp-server ADDRESS';

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
