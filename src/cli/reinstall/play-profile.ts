import { dirname, resolve } from 'node:path';
import type { PlayRim, RunState } from '../../engine/play/rim.ts';
import { runPlays } from '../../engine/play/run-plays.ts';
import type { ReachReason } from '../../model/connection.ts';
import type { RunEventBody, TaskFinished } from '../../model/event.ts';
import { LabError } from '../../model/lab-error.ts';
import type { LoadedPlaybook } from '../../model/playbook.ts';
import type { Attempt, ProofWish } from '../../netboot/reinstall/effects.ts';
import { loadPlaybook } from '../../playbook/load.ts';
import { createTemplar } from '../../playbook/template/templar.ts';
import type { Stage } from '../conduct-run.ts';
import type { Context } from '../context.ts';
import { loadExtraVars } from '../load-extra-vars.ts';
import { loadInventory } from '../load-hosts.ts';
import { openConnect } from '../open-connect.ts';
import { loadModules } from '../play/load-modules.ts';
import { makeLoadRim } from '../play/load-rim.ts';
import { makeRunState } from '../play/make-run-state.ts';
import { openPlayRim } from '../play/open-rim.ts';
import { requireSound } from '../play/require-sound.ts';
import { makeTemplateEffects } from '../play/template-effects.ts';
import type { RunIdentity } from '../run-identity.ts';
import { openVault } from '../vault-secrets.ts';
import { atAddress, isAway } from './reach-system.ts';

/** Runs the playbook of a profile on one new system. */
export type PlayProfile = (wish: ProofWish, signal: AbortSignal) => Promise<Attempt>;

/** Loads the playbooks of profiles (paths from the project's folder), so that one that is broken is refused before anything is armed; throws LabError 'input'. */
export async function openPlaybooks(
  context: Context,
  names: ReadonlySet<string>,
): Promise<(stage: Stage, identity: RunIdentity) => PlayProfile> {
  const used = [...names].filter((name) => name !== '');
  if (used.length === 0) return () => async () => ({ evidence: 'no playbook' });
  const vault = await openVault(context);
  const modules = await loadModules(context.io);
  const extraVars = await loadExtraVars(context, vault);
  const loadRim = makeLoadRim(context, modules, vault);
  const loaded = new Map<string, LoadedPlaybook>();
  for (const name of used) {
    const playbook = await loadPlaybook(resolve(context.settings.folder, name), loadRim, {
      extraVars,
    });
    requireSound(context, playbook);
    loaded.set(name, playbook);
  }
  const templar = createTemplar(makeTemplateEffects(context.io));
  return (stage, identity) => async (wish, signal) => {
    const playbook = loaded.get(wish.row.playbook);
    if (!playbook) throw new Error(`the playbook ${wish.row.playbook} was not loaded`);
    const inventory = await loadInventory(context, dirname(playbook.playbook.file), vault);
    const chosen = { check: false, diff: false, tags: [], skipTags: [] };
    const state = makeRunState(context, inventory, { ...chosen, extraVars, templar, vault });
    moveTo(state.hosts, wish);
    const { connect } = await openConnect(context);
    const course = openCourse();
    const { emit } = course;
    // The run holds the host already, and its report has no place for the tasks of sixty playbooks.
    const { lock: _held, ...rim } = openPlayRim(
      context,
      { ...stage, connect, emit, signal },
      {
        ...{ identity, templar, modules, loadRim, checkMode: false, waitMs: 0, journal: noJournal },
        selectHosts: () => [state.hosts.get(wish.host.name)?.host ?? wish.host],
        secrets: vault.secrets,
        judgeSuite: async () => ({ passed: true, reason: '' }),
        chosen: { tags: [], skipTags: [], forceHandlers: false, step: false },
      },
    );
    return play(playbook, state, rim, course);
  };
}

async function play(
  playbook: LoadedPlaybook,
  state: RunState,
  rim: PlayRim,
  course: Course,
): Promise<Attempt> {
  try {
    const { exitCode, stopped, bugs } = await runPlays(playbook, state, rim);
    for (const bug of bugs) throw bug;
    if (exitCode === 0) return { evidence: playbook.playbook.file };
    const said = course.lastFailed()?.result['msg'];
    const why = typeof said === 'string' ? said : (stopped ?? `exit code ${exitCode}`);
    const hint = `lab play ${playbook.playbook.file} runs it again`;
    return { reason: why.slice(0, 500), hint, unanswered: course.isUnanswered() };
  } catch (error) {
    if (error instanceof LabError) return { reason: error.message, hint: error.hint };
    throw error;
  }
}

/** What is kept of a playbook's course. */
type Course = ReturnType<typeof openCourse>;

function openCourse() {
  let failed: TaskFinished | undefined;
  let lost: ReachReason | undefined;
  let hasBegun = false;
  return {
    emit(event: RunEventBody): void {
      if (event.type === 'host.unreachable') lost = event.reason;
      if (event.type !== 'task.finished') return;
      if (event.outcome !== 'unreachable') hasBegun = true;
      const counts = !event.ignored && !event.rescued;
      if (counts && ['failed', 'unreachable'].includes(event.outcome)) failed = event;
    },
    lastFailed: () => failed,
    /** A task that was cut off may have done something: only a playbook that never began is begun again. */
    isUnanswered: () => !hasBegun && isAway(lost),
  };
}

/** The new system may answer elsewhere than the inventory says. */
function moveTo(hosts: RunState['hosts'], { host, address }: ProofWish): void {
  const known = hosts.get(host.name);
  if (known) hosts.set(host.name, { ...known, host: atAddress(known.host, address) });
}

/** Its tasks are done again where a controller dies in the middle of them. */
const noJournal = { recall: () => undefined, begin: async () => {}, end() {} };
