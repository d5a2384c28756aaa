import { exitCodes, LabError } from '../../model/lab-error.ts';
import { requireMeant, requireUnchanged } from '../../netboot/reinstall/confirmation.ts';
import type { ReinstallPlan } from '../../netboot/reinstall/plan-rows.ts';
import { renderProblemLines, tellLines } from '../../report/problem-lines.ts';
import { reportPreview } from '../../report/reinstall-preview.ts';
import type { Context } from '../context.ts';
import type { CommandOptions } from '../define-command.ts';
import { openProjectStore } from '../open-store.ts';
import { makeRunIdentity } from '../run-identity.ts';
import { showReport } from '../show-report.ts';
import { conductReinstall } from './conduct-reinstall.ts';
import { confirmPlan } from './confirm-plan.ts';
import { openPreflight } from './open-preflight.ts';
import { findObstacles, requireReady } from './preflight.ts';
import { type Prepared, prepareReinstall, readyFor, shownPlan } from './prepare-reinstall.ts';
import { type AskedReinstall, readAsked } from './read-asked.ts';
import { requireEarlier } from './resume.ts';
import { tellPreview } from './tell-preview.ts';

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
  const prepared = await prepareReinstall(context, asked, identity);
  if (earlier) {
    const hosts = prepared.hosts.filter(({ name }) => earlier.rows.has(name));
    return conductReinstall(context, {
      asked,
      identity,
      prepared: { ...prepared, hosts },
      earlier,
    });
  }
  if (asked.preview) return showPreview(context, asked, prepared);
  await tellPreview(context, shownPlan(prepared));
  requireSomebody(prepared.plan);
  requireMeant(pattern, prepared.plan, asked.mostHosts);
  if (asked.digest !== undefined) requireUnchanged(asked.digest, prepared.plan);
  await requireReady(context, readyFor(asked, prepared), openPreflight(context));
  await confirmPlan(context, prepared.plan);
  // What is armed must be what was shown, however long somebody thought about it.
  const present = await prepareReinstall(context, asked, identity);
  requireUnchanged(prepared.plan.digest, present.plan);
  return conductReinstall(context, { asked, identity, prepared: present });
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

function requireSomebody({ rows, refused }: ReinstallPlan): void {
  if (rows.length > 0) return;
  const said = refused.map(({ host, why }) => `${host}: ${why}`).join('; ');
  throw new LabError(
    'refused',
    `none of these hosts may be reinstalled: ${said}`,
    refused[0]?.hint ?? '',
  );
}
