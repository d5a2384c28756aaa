import { describeRun } from '../../engine/describe-run.ts';
import { type RunTotals, runPlan } from '../../engine/run-plan.ts';
import type { Arming } from '../../model/boot.ts';
import { exitCodes, LabError } from '../../model/lab-error.ts';
import type { WavePolicy } from '../../model/plan.ts';
import type { Value } from '../../model/value.ts';
import { planReinstall } from '../../netboot/reinstall/plan-reinstall.ts';
import type { ReinstallPlan } from '../../netboot/reinstall/plan-rows.ts';
import { exitCodeOf } from '../../report/exit-code.ts';
import { conductRun, type Stage } from '../conduct-run.ts';
import type { Context } from '../context.ts';
import { countsOf } from '../execute-run.ts';
import type { RunIdentity } from '../run-identity.ts';
import { openEffects } from './open-effects.ts';
import { openPlaybooks } from './play-profile.ts';
import { type Prepared, profilesOf } from './prepare-reinstall.ts';
import { openProof } from './prove-system.ts';
import type { AskedReinstall } from './read-asked.ts';

/** What an earlier run left: the rows that were confirmed for it, and how its armed boots stand. */
export interface Earlier {
  readonly run: string;
  readonly rows: ReadonlyMap<string, ReinstallPlan['rows'][number]>;
  readonly armings: ReadonlyMap<string, Arming>;
  readonly waves: WavePolicy;
  readonly refused: ReinstallPlan['refused'];
}

/** What was asked for, found out and confirmed. */
export interface Conducted {
  readonly asked: AskedReinstall;
  readonly identity: RunIdentity;
  readonly prepared: Prepared;
  readonly earlier?: Earlier;
}

/** Goes through with what was confirmed, host by host, and answers the exit code. */
export async function conductReinstall(context: Context, wish: Conducted): Promise<number> {
  const { asked, identity, prepared, earlier } = wish;
  const rows = earlier ? [...earlier.rows.values()] : prepared.plan.rows;
  const profiles = profilesOf(prepared);
  const prove = await openProof(context, profiles);
  const playbooks = await openPlaybooks(context, new Set(rows.map(({ playbook }) => playbook)));
  const { ended, report } = await conductRun(context, { identity, kind: 'reinstall' }, (stage) =>
    work(context, wish, { stage, rows, prove, play: playbooks(stage, identity) }),
  );
  tellArmed(context, ended, asked);
  const refused = (earlier?.refused ?? prepared.plan.refused).length;
  const code = exitCodeOf({ totals: countsOf(report), outcome: ended.outcome, hosts: ended.hosts });
  return code === 0 && refused > 0 ? exitCodes.refused : code;
}

async function work(
  context: Context,
  { asked, identity, prepared, earlier }: Conducted,
  parts: {
    readonly stage: Stage;
    readonly rows: ReinstallPlan['rows'];
    readonly prove: Awaited<ReturnType<typeof openProof>>;
    readonly play: ReturnType<Awaited<ReturnType<typeof openPlaybooks>>>;
  },
): Promise<RunTotals> {
  const { stage, rows, prove, play } = parts;
  const targets = rows.map((row) => ({
    row,
    host: prepared.hosts.find(({ name }) => name === row.host) ?? missing(row.host),
  }));
  const waves = earlier?.waves ?? prepared.waves;
  const minutes = Math.max(0, ...rows.map((row) => row.minutes));
  const effects = openEffects(context, stage, {
    ...{ prove, play, minutes },
    ...(asked.stageMs === undefined ? {} : { stageMs: asked.stageMs }),
  });
  const plan = planReinstall(
    {
      ...{ title: `reinstall ${asked.pattern}`, run: identity.run, targets, waves },
      forks: prepared.forks,
      expiresMs: asked.expiresMs,
      ...(earlier && { earlier: earlier.armings, present: digestsOf(prepared.plan) }),
    },
    effects,
  );
  const refused = earlier?.refused ?? prepared.plan.refused;
  const known = {
    ...{ who: identity.who, digest: prepared.plan.digest, resumes: earlier?.run ?? '' },
    ...{ rows: plainOf(rows), refused: plainOf(refused), waves: plainOf(waves) },
  };
  stage.emit(describeRun(plan, 'reinstall', { ...known, ...stage.display }));
  return runPlan(plan, {
    ...stage,
    now: () => performance.now(),
    lock: (host) => stage.store.takeLock(host.name, identity),
  });
}

function digestsOf({ rows }: ReinstallPlan): ReadonlyMap<string, string> {
  return new Map(rows.map(({ host, digest }) => [host, digest]));
}

function missing(host: string): never {
  throw new LabError(
    'refused',
    `${host} is not in the inventory any more; nothing was armed`,
    'put it back, or begin anew: lab reinstall',
  );
}

/** The same as plain JSON. */
function plainOf(value: unknown): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** Work that was ended in the middle leaves PCs that may go on by themselves: their permits are live until they expire. */
function tellArmed({ io }: Context, { outcome }: RunTotals, { pattern }: AskedReinstall): void {
  if (outcome !== 'cancelled') return;
  io.stderr.write(
    `PCs that are armed stay so until their time is over: lab runs resume goes on with them, lab disarm '${pattern}' ends it\n`,
  );
}
