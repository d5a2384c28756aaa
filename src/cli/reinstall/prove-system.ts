import { randomBytes } from 'node:crypto';
import { planChecks } from '../../engine/plan-checks.ts';
import { runPlan } from '../../engine/run-plan.ts';
import type { ResolvedSuite } from '../../engine/suite.ts';
import type { AnyCheck } from '../../model/check.ts';
import type { RunEventBody, StepFinished } from '../../model/event.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import { makeVars, type Vars } from '../../model/value.ts';
import type { Attempt, ProofWish } from '../../netboot/reinstall/effects.ts';
import { loadEntries } from '../catalog.ts';
import type { Context } from '../context.ts';
import { loadSuite } from '../load-suite.ts';
import { openConnect } from '../open-connect.ts';
import { atAddress, isAway } from './reach-system.ts';

/** Asks a new system whether it is what was promised. */
export type Prove = (wish: ProofWish, signal: AbortSignal) => Promise<Attempt>;

/** Loads the suites that prove the profiles (`installed` where a profile names none), so that a wrong name is refused before anything is armed; throws LabError. */
export async function openProof(
  context: Context,
  profiles: ReadonlyMap<string, ChosenProfile>,
): Promise<Prove> {
  const checks = await loadEntries<AnyCheck>(context.io.programFolder, 'catalog/checks');
  const names = new Set([...profiles.values()].map(({ suite }) => suite || 'installed'));
  const suites = new Map<string, ResolvedSuite>();
  for (const name of names) suites.set(name, await loadSuite(context, name, checks));
  return async (wish, signal) => {
    const profile = profiles.get(wish.row.host);
    const suite = suites.get(profile?.suite || 'installed');
    if (!suite) return { reason: 'the suite that proves it was not loaded', hint: '' };
    return judge(context, { wish, signal, checks, suite: promised(suite, wish, profile) });
  };
}

/** The suite with what was promised to this host filled in, where the suite itself says nothing. */
function promised(suite: ResolvedSuite, wish: ProofWish, profile?: ChosenProfile): ResolvedSuite {
  const { disk } = wish.row;
  const { told } = wish.arming;
  // A target says "-" for what its disk does not tell.
  const toldOf = (name: string): string => (told[name] === '-' ? '' : (told[name] ?? ''));
  const filled: { readonly [check: string]: Vars } = {
    'image-stamp': promisedStamp(profile),
    'system-disk':
      disk.by === 'fingerprint'
        ? { serial: disk.serial, wwn: disk.wwn, bytes: disk.bytes }
        : { serial: toldOf('disk_serial'), wwn: toldOf('disk_wwn') },
  };
  return {
    ...suite,
    checks: suite.checks.map(({ name, settings }) => ({
      name,
      settings: makeVars([...Object.entries(filled[name] ?? {}), ...Object.entries(settings)]),
    })),
  };
}

/** An installer writes no image: it leaves the name of its profile, and "-" for a stamp. */
function promisedStamp(chosen?: ChosenProfile): Vars {
  if (chosen?.profile.kind === 'installer') return { image: chosen.profile.name, stamp: '-' };
  const { image } = chosen ?? {};
  return image ? { image: image.name, stamp: image.stamp } : {};
}

async function judge(
  context: Context,
  asked: {
    readonly wish: ProofWish;
    readonly signal: AbortSignal;
    readonly checks: readonly AnyCheck[];
    readonly suite: ResolvedSuite;
  },
): Promise<Attempt> {
  const { wish, signal, checks, suite } = asked;
  const { plan, problems } = planChecks({
    hosts: [atAddress(wish.host, wish.address)],
    suite,
    checks,
    forks: 1,
    deadlineMs: 120_000,
    marker: randomBytes(12).toString('hex'),
    now: context.io.now,
  });
  const [problem] = problems;
  if (problem) return { reason: `${problem.path}: ${problem.message}`, hint: problem.hint };
  const judged = new Map<string, StepFinished>();
  const emit = (event: RunEventBody): void => {
    if (event.type === 'step.finished') judged.set(event.step, event);
  };
  const { connect } = await openConnect(context);
  const now = () => performance.now();
  const { bugs } = await runPlan(plan, { connect, emit, now, signal, stop: signal });
  for (const bug of bugs) throw bug;
  return verdictOf([...judged.values()]);
}

const good = new Set(['pass', 'warn', 'skip']);

/** All checks of a system are asked in one round trip: where one was not answered, none was. Proven where nothing failed and nothing stayed unknown; at least one check must have passed. */
function verdictOf(judged: readonly StepFinished[]): Attempt {
  const verdictOfStep = ({ judgement }: StepFinished): string => judgement?.verdict ?? 'unknown';
  const bad = judged.filter((one) => !good.has(verdictOfStep(one)));
  if (bad.length > 0) {
    const said = bad.map(
      (one) => `${one.step} ${verdictOfStep(one)}: ${one.judgement?.found ?? one.message ?? ''}`,
    );
    const hint = bad[0]?.judgement?.hint ?? '';
    return { reason: said.join('; '), hint, unanswered: bad.some(({ reason }) => isAway(reason)) };
  }
  const passed = judged.filter((one) => verdictOfStep(one) !== 'skip').map(({ step }) => step);
  if (passed.length === 0)
    return { reason: 'no check of its suite could prove anything', hint: '' };
  return { evidence: passed.join(', ') };
}
