import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { describeHosts } from '../../engine/describe-run.ts';
import type { PlayTotals, Waves } from '../../engine/play/rim.ts';
import { runPlays } from '../../engine/play/run-plays.ts';
import type { RunStarted } from '../../model/event.ts';
import type { Host } from '../../model/host.ts';
import { exitCodes, LabError } from '../../model/lab-error.ts';
import type { PlayVars } from '../../model/play-value.ts';
import type { LoadedPlaybook } from '../../model/playbook.ts';
import type { Report } from '../../model/report.ts';
import { isMapping, type Value } from '../../model/value.ts';
import { loadPlaybook } from '../../playbook/load.ts';
import { requireChoice } from '../../playbook/require-choice.ts';
import { createTemplar } from '../../playbook/template/templar.ts';
import { exitCodeOf } from '../../report/exit-code.ts';
import { resumesKey } from '../../store/play-journal.ts';
import { conductRun } from '../conduct-run.ts';
import type { Context } from '../context.ts';
import type { CommandOptions } from '../define-command.ts';
import { countsOf } from '../execute-run.ts';
import { loadExtraVars } from '../load-extra-vars.ts';
import { brokenInventory, loadInventory } from '../load-hosts.ts';
import { openProjectStore } from '../open-store.ts';
import { readSeconds } from '../read-number.ts';
import { makeRunIdentity } from '../run-identity.ts';
import { openVault } from '../vault-secrets.ts';
import { readInDoubt } from './ask.ts';
import { checkFolder } from './check-folder.ts';
import { openSuites } from './judge-suite.ts';
import { openSecrets } from './known-secrets.ts';
import { tellPlaybook } from './list-playbook.ts';
import { loadModules } from './load-modules.ts';
import { makeLoadRim } from './load-rim.ts';
import { makeRunState } from './make-run-state.ts';
import { openPlayRim, type RimParts } from './open-rim.ts';
import { requireSound } from './require-sound.ts';
import { openTargets } from './select-targets.ts';
import { forgetSecrets } from './spent-secrets.ts';
import { makeTemplateEffects } from './template-effects.ts';

/** What `lab play` was asked, read. */
interface Asked {
  readonly playbook: string;
  readonly options: CommandOptions;
  readonly check: boolean;
  readonly diff: boolean;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** The run that is gone on with. */
  readonly resumed?: string;
  readonly inDoubt?: ReturnType<typeof readInDoubt>;
  /** How long hosts are waited for that another run has locked. */
  readonly waitMs: number;
}

/** The shell of a controller that was cut off ends with the command it was at; a resumed run lets it. */
const resumedWaitMs = 60_000;

/** `lab play`: loads everything, refuses all problems at once, then lists, checks or runs. */
export async function runPlayCommand(
  context: Context,
  playbook: string,
  options: CommandOptions,
): Promise<number> {
  // Set by `lab runs resume` alone: it is no flag of the command.
  const resumed = options[resumesKey];
  const { inDoubt } = options;
  const waitMs = readSeconds('--wait', options['wait'] as string | undefined);
  const asked: Asked = {
    playbook: resolve(context.io.cwd, playbook),
    options,
    check: options['check'] === true,
    diff: options['diff'] === true,
    tags: wordsOf(options['tags']),
    skipTags: wordsOf(options['skipTags']),
    ...(typeof resumed === 'string' ? { resumed } : {}),
    ...(typeof inDoubt === 'string' ? { inDoubt: readInDoubt(inDoubt) } : {}),
    waitMs: waitMs ?? (resumed === undefined ? 0 : resumedWaitMs),
  };
  if (options['failOnChange'] === true && !asked.check)
    throw new LabError('usage', '--fail-on-change asks what would change', 'add --check');
  const vault = await openVault(context);
  const modules = await loadModules(context.io);
  const extraVars = await loadExtraVars(context, vault);
  const rim = makeLoadRim(context, modules, vault);
  if ((await stat(asked.playbook).catch(() => undefined))?.isDirectory())
    return checkFolder(context, asked.playbook, rim);
  const loaded = await loadPlaybook(asked.playbook, rim, { extraVars });
  requireSound(context, loaded);
  if (options['syntaxCheck'] === true) {
    context.io.stdout.write(`no problems in ${loaded.files.length} files\n`);
    return 0;
  }
  return play(context, asked, { loaded, extraVars, modules, vault, rim });
}

interface Parts {
  readonly loaded: LoadedPlaybook;
  readonly extraVars: PlayVars;
  readonly modules: Awaited<ReturnType<typeof loadModules>>;
  readonly vault: Awaited<ReturnType<typeof openVault>>;
  readonly rim: ReturnType<typeof makeLoadRim>;
}

async function play(context: Context, asked: Asked, parts: Parts): Promise<number> {
  const { options, check, diff, tags, skipTags, resumed } = asked;
  const { loaded, extraVars, modules, vault, rim } = parts;
  const hosts = await loadInventory(context, dirname(asked.playbook), vault);
  const { inventory, problems } = hosts;
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw brokenInventory(errors);
  const templar = createTemplar(makeTemplateEffects(context.io));
  const chosenTags = { tags, skipTags };
  requireChoice(loaded.playbook, { ...chosenOf(asked), ...chosenTags });
  const more = { check, diff, ...chosenTags, extraVars, templar, vault };
  const state = makeRunState(context, hosts, more);
  const identity = makeRunIdentity(context);
  const targets = await openTargets(context, { inventory, loaded, options, templar, state });
  if (['listHosts', 'listTasks', 'listTags'].some((name) => options[name] === true))
    return tellPlaybook(context, loaded, targets, { choice: chosenTags, options });
  const { digest } = targets;
  if (resumed !== undefined) await requireSame(context, resumed, digest);
  const suites = await openSuites(context, suitesOf(loaded, targets.waves));
  const run = await conductRun(context, { identity, kind: 'play' }, async (stage) => {
    const known = { ...stage.display, who: identity.who, digest };
    stage.emit(describePlay(context, asked, targets.all, known));
    const journal = check ? undefined : stage.store.openPlayJournal(identity.run, resumed);
    const { waves, select: selectHosts } = targets;
    const playRim = openPlayRim(context, stage, {
      ...{ identity, templar, modules, loadRim: rim, selectHosts, checkMode: check },
      ...{ chosen: chosenOf(asked), judgeSuite: suites(stage), waitMs: asked.waitMs },
      secrets: openSecrets({ vault, passwords: stage.passwords, extraVars, inventory }),
      ...(asked.inDoubt && { inDoubt: asked.inDoubt }),
      journal: journal ?? noJournal,
      ...(waves && { waves }),
    });
    const totals = await runPlays(loaded, state, playRim);
    journal?.flush();
    // What ended needs no journal; what was cancelled, or left in doubt, can be gone on with.
    if (totals.outcome === 'finished' && !journal?.hasDoubts()) {
      journal?.drop();
      await forgetSecrets(context, stage.store, identity.run);
    }
    return totals;
  });
  if (!check && hasPassed(run.ended))
    targets.rememberCanaries(outcomesOf(run.report), identity.run);
  return exitCodeOfPlay(run, options['failOnChange'] === true);
}

/** Whether canaries may be remembered: not those that a suite said no to, nor those of a run that was broken off. */
function hasPassed({ outcome, stopped }: PlayTotals): boolean {
  return outcome === 'finished' && stopped === undefined;
}

/** The exit code of a run: hosts that another run has locked do not count as broken. */
function exitCodeOfPlay(
  run: { readonly report: Report; readonly ended: PlayTotals },
  failsOnChange: boolean,
): number {
  const counts = countsOf(run.report);
  const { outcome, refused, stopped } = run.ended;
  const hosts = new Map(refused.map((name) => [name, { refused: true }]));
  const worst = exitCodeOf({ totals: counts, outcome, hosts });
  // Hosts that were not begun are not as the playbook says.
  const exitCode = worst === 0 && stopped !== undefined ? exitCodes.failed : worst;
  const wouldChange = (counts['changed'] ?? 0) > 0 && failsOnChange;
  return exitCode === 0 && wouldChange ? exitCodes.changes : exitCode;
}

/** Refuses to go on with a run whose playbook was another one: what it had done would not be what is written now. */
async function requireSame(context: Context, resumed: string, digest: string): Promise<void> {
  const [started] = (await openProjectStore(context)).loadEvents(resumed);
  const before = started?.type === 'run.started' ? started.context['digest'] : undefined;
  if (before === digest) return;
  throw new LabError(
    'refused',
    `the playbook was changed since the run ${resumed} was cut off`,
    'run it anew: lab play; or put the files back as they were',
  );
}

/** Every suite that may be asked between waves. */
function suitesOf({ playbook }: LoadedPlaybook, waves: Waves | undefined): string[] {
  return [waves?.suite, ...playbook.plays.map(({ rings }) => rings?.suite)].filter(
    (name) => name !== undefined,
  );
}

/** A run that changes nothing has nothing to go on with. */
const noJournal: RimParts['journal'] = { recall: () => undefined, begin: async () => {}, end() {} };

/** Which tasks are to run, and how. */
function chosenOf({ tags, skipTags, options }: Asked): RimParts['chosen'] {
  const { startAtTask } = options;
  return {
    tags,
    skipTags,
    ...(typeof startAtTask === 'string' && { startAtTask }),
    forceHandlers: options['forceHandlers'] === true,
    step: options['step'] === true,
  };
}

function describePlay(
  { flags }: Context,
  { playbook, check, diff }: Asked,
  hosts: readonly Host[],
  more: { readonly [key: string]: Value },
): RunStarted {
  const verbose = flags.verbose === true;
  return {
    type: 'run.started',
    kind: 'play',
    title: `${check ? 'check' : 'play'} ${basename(playbook)}`,
    hosts: describeHosts(hosts),
    steps: [],
    context: { playbook, check, diff, verbose, rooms: roomsOf(hosts), ...more },
  };
}

/** What each host came to, as the report says. */
function outcomesOf({ document }: Report): ReadonlyMap<string, string> {
  const { hosts } = document;
  const rows = Array.isArray(hosts) ? hosts.filter(isMapping) : [];
  return new Map(rows.map(({ host, outcome }) => [String(host), String(outcome)]));
}

function wordsOf(value: CommandOptions[string]): string[] {
  const texts = Array.isArray(value) ? value : [];
  return texts
    .flatMap((text: string) => text.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function roomsOf(hosts: readonly Host[]) {
  const rooms = new Map(hosts.flatMap(({ room }) => (room ? [[room.name, room.title]] : [])));
  return [...rooms].map(([name, title]) => ({ name: String(name), title: String(title) }));
}
