import type { ArmingStore } from '../model/boot.ts';
import type { BootPinStore } from '../model/boot-pin.ts';
import type { RunEvent } from '../model/event.ts';
import type { RunSummary } from '../model/run-summary.ts';
import { openArmingStore } from './armings.ts';
import { openBootPins } from './boot-pins.ts';
import { loadPassedModels, savePassedModels } from './canaries.ts';
import { openDatabase } from './database.ts';
import { openEventWriter } from './event-writer.ts';
import { type HostFacts, listFacts, loadFacts, saveFacts } from './host-facts.ts';
import { type LockHolder, takeHostLock } from './host-locks.ts';
import { listSeen } from './host-seen.ts';
import {
  appendLogbook,
  type Book,
  findAlteredRow,
  type LogbookEntry,
  type LogbookRow,
  loadLogbook,
} from './logbook.ts';
import {
  findSuccessor,
  hasDoubts,
  type Invocation,
  loadInvocation,
  openPlayJournal,
  type PlayJournal,
  saveInvocation,
} from './play-journal.ts';
import { thisProcess } from './process-identity.ts';
import { findRun, latestRun, listRuns, loadEvents, watchRun } from './run-events.ts';

export type { Book, HostFacts, Invocation, LockHolder, LogbookEntry, LogbookRow, PlayJournal };

/** What Labkit remembers in its state folder. Every function throws LabError 'environment' when the disk or the file does not allow it. */
export interface Store extends Disposable {
  /** Armed boots and alerts of the boot service. */
  readonly armings: ArmingStore;
  /** PINs of the boot menu, as slow hashes. */
  readonly bootPins: BootPinStore;
  /** Keeps an event; `run.started` and `run.finished` at once, others within some milliseconds. Throws when the last writing failed. */
  append(event: RunEvent): void;
  /** Writes what waits; also done by `close`. */
  flush(): void;
  /** All runs, newest first. */
  listRuns(): Promise<RunSummary[]>;
  /** A run's events in order. */
  loadEvents(run: string): RunEvent[];
  /** The id a beginning stands for; throws LabError 'usage' when none or several fit. */
  findRun(prefix: string): string;
  latestRun(): string | undefined;
  /** Follows a run that this or another process writes, to its end. */
  watchRun(
    run: string,
    options?: { readonly pollMs?: number; readonly signal?: AbortSignal },
  ): AsyncIterable<RunEvent>;
  /** Takes a host for one run; throws LabError 'refused' when another living run has it. */
  takeLock(host: string, holder: LockHolder): Promise<AsyncDisposable>;
  /** The journal of a `lab play`, taking over that of the run it resumes. */
  openPlayJournal(run: string, resumed?: string): PlayJournal;
  /** Models on which a playbook of this content (`digestFiles`) has passed as a canary. */
  loadPassedModels(digest: string): Set<string>;
  savePassedModels(digest: string, models: readonly string[], run: string): void;
  /** Adds a row to the room log or the operation table. */
  appendLogbook(entry: LogbookEntry): LogbookRow;
  loadLogbook(book: Book): LogbookRow[];
  /** The first row of the logbook that was altered, or behind which one is missing. */
  findAlteredRow(): number | undefined;
  /** How a run was asked for, to resume or retry it. */
  saveInvocation(run: string, invocation: Invocation): void;
  loadInvocation(run: string): Invocation | undefined;
  /** The run that went on with this one, if any did. */
  findSuccessor(run: string): string | undefined;
  /** Whether a playbook run left calls of which nobody knows the end. */
  hasDoubts(run: string): boolean;
  saveFacts(found: readonly HostFacts[]): void;
  loadFacts(host: string): HostFacts | undefined;
  listFacts(): HostFacts[];
  /** When each host was last reached by a run, ISO 8601. */
  listSeen(): Map<string, string>;
  close(): void;
}

/** Opens the state folder (made with mode 0700 when missing), from any number of processes at once. */
export async function openStore(folder: string): Promise<Store> {
  const process = await thisProcess();
  const database = openDatabase(folder);
  const writer = openEventWriter(database, process);
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    try {
      writer.flush();
    } finally {
      database.close();
    }
  };
  return {
    armings: openArmingStore(database),
    bootPins: openBootPins(database),
    append: writer.append,
    flush: writer.flush,
    listRuns: () => listRuns(database),
    loadEvents: (run) => loadEvents(database, run),
    findRun: (prefix) => findRun(database, prefix),
    latestRun: () => latestRun(database),
    watchRun: (run, options) => watchRun(database, run, options),
    takeLock: (host, holder) => takeHostLock(database, host, holder, process),
    openPlayJournal: (run, resumed) => openPlayJournal(database, run, resumed),
    loadPassedModels: (digest) => loadPassedModels(database, digest),
    savePassedModels: (digest, models, run) => savePassedModels(database, digest, models, run),
    appendLogbook: (entry) => appendLogbook(database, entry),
    loadLogbook: (book) => loadLogbook(database, book),
    findAlteredRow: () => findAlteredRow(database),
    saveInvocation: (run, invocation) => saveInvocation(database, run, invocation),
    loadInvocation: (run) => loadInvocation(database, run),
    findSuccessor: (run) => findSuccessor(database, run),
    hasDoubts: (run) => hasDoubts(database, run),
    saveFacts: (found) => saveFacts(database, found),
    loadFacts: (host) => loadFacts(database, host),
    listFacts: () => listFacts(database),
    listSeen: () => listSeen(database),
    close,
    [Symbol.dispose]: close,
  };
}
