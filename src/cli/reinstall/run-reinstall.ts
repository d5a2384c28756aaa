import { describeRun } from '../../engine/describe-run.ts';
import { type RunTotals, runPlan } from '../../engine/run-plan.ts';
import type { Arming } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import { exitCodes, LabError } from '../../model/lab-error.ts';
import type { WavePolicy } from '../../model/plan.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import type { Value } from '../../model/value.ts';
import { requireMeant, requireUnchanged } from '../../netboot/reinstall/confirmation.ts';
import { expectedMinutes } from '../../netboot/reinstall/expected-minutes.ts';
import { type Candidate, indexMacs } from '../../netboot/reinstall/guards.ts';
import { planReinstall } from '../../netboot/reinstall/plan-reinstall.ts';
import { planRows, type ReinstallPlan } from '../../netboot/reinstall/plan-rows.ts';
import { planWaves } from '../../netboot/reinstall/wave-sizes.ts';
import { exitCodeOf } from '../../report/exit-code.ts';
import { renderProblemLines, tellLines } from '../../report/problem-lines.ts';
import { reportPreview } from '../../report/reinstall-preview.ts';
import { conductRun, type Stage } from '../conduct-run.ts';
import type { Context } from '../context.ts';
import type { CommandOptions } from '../define-command.ts';
import { countsOf } from '../execute-run.ts';
import { loadTargets } from '../load-hosts.ts';
import { loadProfiles } from '../netboot/load-profiles.ts';
import { openConnect } from '../open-connect.ts';
import { openProjectStore } from '../open-store.ts';
import { readCount } from '../read-number.ts';
import { makeRunIdentity, type RunIdentity } from '../run-identity.ts';
import { showReport } from '../show-report.ts';
import { confirmPlan } from './confirm-plan.ts';
import { gatherCandidates } from './gather-candidates.ts';
import { openEffects } from './open-effects.ts';
import { openPreflight } from './open-preflight.ts';
import { openPlaybooks } from './play-profile.ts';
import { type AskedReady, findObstacles, requireReady } from './preflight.ts';
import { openProof } from './prove-system.ts';
import { type AskedReinstall, readAsked } from './read-asked.ts';
import { requireEarlier } from './resume.ts';
import { tellPreview } from './tell-preview.ts';

/** What was found out about the hosts that were asked for. */
export interface Prepared {
  readonly hosts: readonly Host[];
  readonly candidates: readonly Candidate[];
  readonly plan: ReinstallPlan;
  readonly waves: WavePolicy;
  readonly forks: number;
}

/** `lab reinstall`: finds out, shows, has it confirmed, and goes through with it; with `resumeRun` it goes on with what was confirmed before. */
export async function runReinstallCommand(
  context: Context,
  pattern: string,
  options: CommandOptions,
): Promise<number> {
  const asked = readAsked(context, pattern, options);
  const identity = makeRunIdentity(context);
  const store = await openProjectStore(context);
  const earlier = asked.resumed === undefined ? undefined : requireEarlier(store, asked.resumed);
  const prepared = await prepare(context, asked, identity);
  if (earlier) {
    const hosts = prepared.hosts.filter(({ name }) => earlier.rows.has(name));
    return conduct(context, { asked, identity, prepared: { ...prepared, hosts }, earlier });
  }
  if (asked.preview) return showPreview(context, asked, prepared);
  await tellPreview(context, shownPlan(prepared));
  requireSomebody(prepared.plan);
  requireMeant(pattern, prepared.plan, asked.mostHosts);
  if (asked.digest !== undefined) requireUnchanged(asked.digest, prepared.plan);
  await requireReady(context, readyFor(asked, prepared), openPreflight(context));
  await confirmPlan(context, prepared.plan);
  // What is armed must be what was shown, however long somebody thought about it.
  const present = await prepare(context, asked, identity);
  requireUnchanged(prepared.plan.digest, present.plan);
  return conduct(context, { asked, identity, prepared: present });
}

async function prepare(
  context: Context,
  asked: AskedReinstall,
  identity: RunIdentity,
): Promise<Prepared> {
  const { hosts, loaded } = await loadTargets(context, asked.pattern);
  const { connect } = await openConnect(context, { connectTimeoutMs: 5_000 });
  const candidates = await gatherCandidates(context, hosts, {
    store: await openProjectStore(context),
    profiles: await loadProfiles(context),
    ...(asked.profile === undefined ? {} : { flag: asked.profile }),
    ...{ identity, connect },
  });
  const now = new Date(context.io.now());
  const plan = planRows(candidates, {
    at: { day: now.getDay(), minutes: now.getHours() * 60 + now.getMinutes() },
    despite: asked.despite,
    hostsByMac: indexMacs(loaded.inventory.hosts),
  });
  const forks = readCount('--forks', context.flags.forks, 64);
  return { hosts, candidates, plan, forks, waves: planWaves(asked.waves, plan.rows.length) };
}

function shownPlan({ plan, waves, forks }: Prepared) {
  return { ...plan, minutes: expectedMinutes(plan.rows, waves, forks) };
}

async function showPreview(
  context: Context,
  asked: AskedReinstall,
  prepared: Prepared,
): Promise<number> {
  requireMeant(asked.pattern, prepared.plan, asked.mostHosts);
  const at = new Date(context.io.now()).toISOString();
  await showReport(context, reportPreview(shownPlan(prepared), at, context.settings.lang));
  const obstacles = await findObstacles(context, readyFor(asked, prepared), openPreflight(context));
  for (const { message, hint } of obstacles)
    context.io.stderr.write(renderProblemLines(tellLines('warning', message, hint)));
  if (prepared.plan.rows.length === 0) return exitCodes.refused;
  return asked.failOnChange ? exitCodes.changes : 0;
}

/** What must be there for those hosts that are not left out. */
function readyFor(asked: AskedReinstall, prepared: Prepared): AskedReady {
  const chosen = profilesOf(prepared);
  const profiles = prepared.plan.rows.flatMap(({ host }) => chosen.get(host) ?? []);
  return { ...asked, profiles, hosts: prepared.hosts };
}

function requireSomebody({ rows, refused }: ReinstallPlan): void {
  if (rows.length > 0) return;
  const said = refused.map(({ host, why }) => `${host}: ${why}`).join('; ');
  throw new LabError(
    'refused',
    `none of these hosts may be reinstalled: ${said}`,
    refused[0]?.hint ?? '',
  );
}

function profilesOf({ candidates }: Prepared): ReadonlyMap<string, ChosenProfile> {
  return new Map(
    candidates.flatMap(({ host, profile }) => (profile ? [[host.name, profile]] : [])),
  );
}

/** What an earlier run left: the rows that were confirmed for it, and how its armed boots stand. */
export interface Earlier {
  readonly run: string;
  readonly rows: ReadonlyMap<string, ReinstallPlan['rows'][number]>;
  readonly armings: ReadonlyMap<string, Arming>;
  readonly waves: WavePolicy;
  readonly refused: ReinstallPlan['refused'];
}

interface Conducted {
  readonly asked: AskedReinstall;
  readonly identity: RunIdentity;
  readonly prepared: Prepared;
  readonly earlier?: Earlier;
}

async function conduct(context: Context, wish: Conducted): Promise<number> {
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
