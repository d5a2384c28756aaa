import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { leaveRunning } from '../../catalog/modules/parts/async-wrapper.ts';
import { nameKey } from '../../engine/play/journal.ts';
import { openWorker, type WorkerSettings } from '../../engine/play/open-worker.ts';
import type { PlayRim, Waves } from '../../engine/play/rim.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { AnyModule } from '../../model/module.ts';
import type { PlayVars, Templar } from '../../model/play-value.ts';
import { isPlayMapping } from '../../model/play-value.ts';
import { isMapping, type Vars } from '../../model/value.ts';
import { typeValue } from '../../model/yaml-value.ts';
import type { LoadRim } from '../../playbook/load-rim.ts';
import { makeScope } from '../../playbook/make-scope.ts';
import { typePlayValue } from '../../playbook/type-values.ts';
import type { PlayJournal } from '../../store/play-journal.ts';
import { openPlaySources, type PlaySources } from '../../store/play-sources.ts';
import { saveFetched, sha1Here } from '../../store/save-fetched.ts';
import { parseYaml } from '../../store/yaml.ts';
import type { Stage } from '../conduct-run.ts';
import type { Context } from '../context.ts';
import { readCount } from '../read-number.ts';
import type { RunIdentity } from '../run-identity.ts';
import { askInDoubt, askPause, askPrompt, chooseStep, type InDoubt } from './ask.ts';
import type { JudgeSuite } from './judge-suite.ts';
import { openLockWait } from './wait-for-lock.ts';

/** What the rim of a playbook run is made of. */
export interface RimParts {
  readonly identity: RunIdentity;
  readonly templar: Templar;
  readonly modules: ReadonlyMap<string, AnyModule>;
  readonly loadRim: LoadRim;
  readonly selectHosts: (pattern: string) => readonly Host[];
  readonly checkMode: boolean;
  readonly waves?: Waves;
  readonly journal: Pick<PlayJournal, 'recall' | 'begin' | 'end'>;
  readonly secrets: () => readonly string[];
  readonly judgeSuite: JudgeSuite;
  /** How long hosts are waited for that another run has locked. */
  readonly waitMs: number;
  /** `--in-doubt`: what becomes of calls of which nobody knows the end; asked for where it does not say. */
  readonly inDoubt?: (host: string) => InDoubt | undefined;
  readonly chosen: Pick<PlayRim, 'tags' | 'skipTags' | 'startAtTask' | 'forceHandlers'> & {
    readonly step: boolean;
  };
}

/** Joins everything a playbook run touches outside of itself. */
export function openPlayRim(context: Context, stage: Stage, parts: RimParts): PlayRim {
  const { flags, io } = context;
  const { templar, modules, loadRim, checkMode, chosen, journal } = parts;
  const doubts = oneByOne();
  const sources = openPlaySources(
    (text, file) => loadRim.decrypt?.(text, { file, line: 1, column: 1 }) ?? text,
  );
  const prefix = randomBytes(6).toString('hex');
  let count = 0;
  const nonce = () => `${prefix}${(count++).toString(36)}`;
  const setup = modules.get('setup');
  const { step, ...selection } = chosen;
  return {
    templar,
    makeScope,
    openWorker: (host) =>
      openWorker(workerSettings(context, stage, parts, { host, nonce, sources })),
    loadSource: sources.load,
    readVarsFile: (path) => readVarsFile(loadRim, path),
    parseVars: ({ text, file }) => parseVars(text, file),
    selectHosts: parts.selectHosts,
    ...(checkMode ? {} : { lock: openLock(context, stage, parts) }),
    judgeSuite: parts.judgeSuite,
    journal: keyed(journal),
    askInDoubt: async (host, task) =>
      parts.inDoubt?.(host) ?? doubts(() => askInDoubt(io, host, task)),
    emit: stage.emit,
    now: () => performance.now(),
    nowMs: () => io.now(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    signal: stage.signal,
    stop: stage.stop,
    prompt: (question) => askPrompt(io, question),
    ...(step ? { chooseStep: (task: string) => chooseStep(io, task) } : {}),
    ...(setup ? { setup } : {}),
    leaveRunning,
    forks: readCount('--forks', flags.forks, 64),
    nonce,
    secrets: parts.secrets,
    ...(parts.waves ? { waves: parts.waves } : {}),
    ...selection,
  };
}

function keyed(journal: RimParts['journal']): PlayRim['journal'] {
  return {
    recall: (key) => journal.recall(nameKey(key)),
    begin: (key, repeats) => journal.begin(nameKey(key), repeats),
    end: (key, result) => journal.end(nameKey(key), result),
  };
}

function openLock({ io }: Context, { store, say, stop }: Stage, { identity, waitMs }: RimParts) {
  const take = (host: Host) => store.takeLock(host.name, identity);
  return openLockWait({ take, waitMs, now: io.now, say, stop });
}

/** Questions of several hosts come one after the other. */
function oneByOne(): <T>(ask: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (ask) => {
    const answer = last.then(ask, ask);
    last = answer.catch(() => {});
    return answer;
  };
}

/** What the worker of one host is given. */
function workerSettings(
  { io }: Context,
  stage: Stage,
  { identity, checkMode, waitMs }: RimParts,
  own: { readonly host: Host; nonce(): string; readonly sources: PlaySources },
): WorkerSettings {
  const { host, nonce, sources } = own;
  return {
    host,
    connect: () => stage.connect(host, stage.signal),
    signal: stage.signal,
    checkMode,
    waitForLockMs: waitMs,
    // A run that changes nothing keeps nobody else from working.
    ...(checkMode ? {} : { holder: { ...identity, nonce: randomBytes(12).toString('hex') } }),
    nonce,
    nowMs: () => io.now(),
    sleep: (ms) => sleep(ms, undefined, { signal: stage.signal }),
    openSource: sources.open,
    saveHere: saveFetched,
    sha1Here,
    prompt: (question, echo) => askPause(io, question, echo),
  };
}

async function readVarsFile(rim: LoadRim, path: string): Promise<PlayVars | undefined> {
  const text = await rim.readText(path);
  if (text === undefined) return undefined;
  const { root, problems } = rim.parseYaml(text, path);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new LabError('input', `${path} cannot be read`, '', { problems: errors });
  const value = root === undefined ? {} : typePlayValue(root, rim.decrypt);
  if (value === null) return {};
  if (isPlayMapping(value)) return value;
  throw new LabError('input', `${path} is no mapping of variables`, 'write "name: value" lines');
}

function parseVars(text: string, file: string): Vars {
  const { root, problems } = parseYaml(text, file);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new LabError('failed', `${file}: ${errors[0]?.message}`);
  const value = root === undefined ? {} : typeValue(root);
  if (value === null) return {};
  if (isMapping(value)) return value;
  throw new LabError('failed', `${file} must be stored as a dictionary/hash`);
}
