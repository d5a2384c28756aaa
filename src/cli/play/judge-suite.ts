import { randomBytes } from 'node:crypto';
import { planChecks } from '../../engine/plan-checks.ts';
import type { GateVerdict } from '../../engine/play/rim.ts';
import { runPlan } from '../../engine/run-plan.ts';
import type { AnyCheck } from '../../model/check.ts';
import type { RunEventBody, StepFinished } from '../../model/event.ts';
import type { Host } from '../../model/host.ts';
import { foldNames } from '../../model/host-names.ts';
import { loadEntries } from '../catalog.ts';
import type { Stage } from '../conduct-run.ts';
import type { Context } from '../context.ts';
import { loadSuite } from '../load-suite.ts';
import { makeAsking } from '../make-acting.ts';

/** Asks the hosts of a wave everything a suite checks. Its questions are no part of the run's events. */
export type JudgeSuite = (suite: string, hosts: readonly Host[]) => Promise<GateVerdict>;

/** Loads the suites a playbook run may ask for, so that a wrong name is refused before any host is touched; throws LabError. */
export async function openSuites(
  context: Context,
  names: readonly string[],
): Promise<(stage: Stage) => JudgeSuite> {
  const checks =
    names.length === 0
      ? []
      : await loadEntries<AnyCheck>(context.io.programFolder, 'catalog/checks');
  const suites = new Map(
    await Promise.all(
      [...new Set(names)].map(
        async (name) => [name, await loadSuite(context, name, checks)] as const,
      ),
    ),
  );
  return (stage) => async (name, hosts) => {
    const suite = suites.get(name);
    if (!suite) return { passed: false, reason: 'it was not loaded' };
    const { plan, problems } = planChecks({
      ...makeAsking(context, hosts),
      suite,
      checks,
      marker: randomBytes(12).toString('hex'),
      now: context.io.now,
    });
    const [problem] = problems;
    if (problem) return { passed: false, reason: `${problem.path}: ${problem.message}` };
    const judged: StepFinished[] = [];
    const emit = (event: RunEventBody): void => {
      if (event.type === 'step.finished') judged.push(event);
    };
    const { connect, signal, stop } = stage;
    const { bugs } = await runPlan(plan, {
      connect,
      signal,
      stop,
      emit,
      now: () => performance.now(),
    });
    for (const bug of bugs) throw bug;
    return judgeWave(hosts, judged);
  };
}

const good = new Set(['pass', 'warn', 'skip']);

/** A wave passes when every check of every host did; what could not be found out did not pass. */
function judgeWave(hosts: readonly Host[], judged: readonly StepFinished[]): GateVerdict {
  const last = new Map(judged.map((one) => [JSON.stringify([one.host, one.step]), one]));
  // told in the order of the hosts, not in that of their answers
  const inOrder = hosts.flatMap(({ name }) =>
    [...last.values()].filter(({ host }) => host === name),
  );
  const bad = new Map<string, string[]>();
  const note = (why: string, host: string) => bad.set(why, [...(bad.get(why) ?? []), host]);
  for (const { host, step, judgement, message } of inOrder)
    if (!good.has(judgement?.verdict ?? 'unknown'))
      note(
        `${step} ${judgement?.verdict ?? 'unknown'}${saidOf(judgement?.found ?? message)}`,
        host,
      );
  const asked = new Set(judged.map(({ host }) => host));
  for (const { name } of hosts) if (!asked.has(name)) note('not asked', name);
  const reason = [...bad].map(([why, names]) => `${foldNames(names)}: ${why}`).join('; ');
  return { passed: bad.size === 0, reason };
}

function saidOf(found: unknown): string {
  return found === undefined || found === '' ? '' : ` (${String(found)})`;
}
