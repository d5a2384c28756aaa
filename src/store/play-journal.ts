import type { Value } from '../model/value.ts';
import type { Database } from './database.ts';

/** How far each call of a `lab play` came, so that a run that was cut off can be taken up again. Results are whole and unmasked: the state folder is its owner's alone, and the journal is dropped when the run has ended. */
export interface PlayJournal {
  /** A finished call's result; 'begun' for one of which nobody knows the end; undefined for one never begun. */
  recall(call: string): { readonly [key: string]: Value } | 'begun' | undefined;
  /** Remembers a call before it alters anything; one that may not be repeated is on the disk when this resolves. */
  begin(call: string, repeats: boolean): Promise<void>;
  /** Remembers what a call came to, some milliseconds later. */
  end(call: string, result: { readonly [key: string]: Value }): void;
  /** Whether calls are left of which nobody knows the end, and that may not simply be done again. */
  hasDoubts(): boolean;
  /** Writes what waits; throws what the last writing met. */
  flush(): void;
  /** Forgets the run: it has come to its end. */
  drop(): void;
}

const pauseMs = 20;

/** Opens the journal of a run; `resumed` is the run it goes on with, whose calls it takes over. */
export function openPlayJournal(database: Database, run: string, resumed?: string): PlayJournal {
  if (resumed !== undefined) takeOver(database, run, resumed);
  const known = loadCalls(database, run);
  const waiting = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let failure: { readonly error: unknown } | undefined;

  /** Writes what ended and what begins: whoever is at the next call is not in doubt of the one before. */
  const write = (begun: readonly Begun[]): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.size + begun.length > 0)
      database.transaction(
        () => {
          for (const [call, result] of waiting) saveCall(database, run, call, result);
          for (const { call, repeats } of begun) saveCall(database, run, call, repeats ? '' : null);
        },
        begun.every(({ repeats }) => repeats) ? 'quick' : 'durable',
      );
    waiting.clear();
    failure = undefined;
  };
  const flush = (): void => write([]);
  // Hosts in lock step begin at once: they share one wait for the disk.
  const beginTogether = shareWrites(write);
  const flushLater = (): void => {
    try {
      flush();
    } catch (error) {
      failure = { error };
    }
  };
  return {
    recall: (call) => resultOf(known.get(call)),
    async begin(call, repeats) {
      if (failure) flush();
      await beginTogether({ call, repeats });
    },
    end(call, result) {
      waiting.set(call, JSON.stringify(result));
      timer ??= setTimeout(flushLater, pauseMs);
    },
    hasDoubts() {
      flush();
      return hasDoubts(database, run);
    },
    flush,
    drop() {
      clearTimeout(timer);
      waiting.clear();
      dropCalls(database, run);
    },
  };
}

function dropCalls(database: Database, run: string): void {
  database.transaction(() => database.run('DELETE FROM play_calls WHERE run = ?', run));
}

function resultOf(found: string | null | undefined): ReturnType<PlayJournal['recall']> {
  if (found === undefined) return undefined;
  return found === null || found === '' ? 'begun' : JSON.parse(found);
}

/** A call that is about to alter something: kept without a result, or with an empty one when it may simply be done again. */
interface Begun {
  readonly call: string;
  readonly repeats: boolean;
}

/** Collects what is asked for within one turn of the event loop and writes it at once; each asker waits for its own. */
function shareWrites<T>(write: (calls: readonly T[]) => void): (call: T) => Promise<void> {
  let waiting: T[] = [];
  let written: Promise<void> | undefined;
  return (call) => {
    waiting.push(call);
    written ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const calls = waiting;
        waiting = [];
        written = undefined;
        try {
          write(calls);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    return written;
  };
}

function loadCalls(database: Database, run: string): Map<string, string | null> {
  const rows = database.all('SELECT call, result FROM play_calls WHERE run = ?', run);
  return new Map(
    rows.map(({ call, result }) => [String(call), result === null ? null : String(result)]),
  );
}

function saveCall(database: Database, run: string, call: string, result: string | null): void {
  database.run(
    'INSERT INTO play_calls (run, call, result) VALUES (?, ?, ?) ON CONFLICT (run, call) DO UPDATE SET result = excluded.result',
    run,
    call,
    result,
  );
}

/** The calls of the earlier run become this one's, so that it can be cut off and resumed as well. One that was cut off before it had taken its calls over left them with its own predecessor. */
function takeOver(database: Database, run: string, resumed: string): void {
  database.transaction(() => {
    const sql = 'UPDATE OR IGNORE play_calls SET run = ? WHERE run = ?';
    const seen = new Set([run]);
    for (let from: unknown = resumed; typeof from === 'string' && !seen.has(from); ) {
      seen.add(from);
      database.run(sql, run, from);
      from = loadInvocation(database, from)?.options[resumesKey];
    }
  });
}

/** The option under which a run that goes on with another one keeps the other's name; no flag of any command. */
export const resumesKey = 'resumeRun';

/** The run that went on with this one, if any did. */
export function findSuccessor(database: Database, run: string): string | undefined {
  const sql = `SELECT invocations.run FROM invocations JOIN runs ON runs.run = invocations.run
    WHERE json_extract(words, '$.options.${resumesKey}') = ? ORDER BY invocations.run DESC LIMIT 1`;
  const [row] = database.all(sql, run);
  return row && String(row['run']);
}

/** Whether a run left calls of which nobody knows the end, and that may not simply be done again. */
export function hasDoubts(database: Database, run: string): boolean {
  const sql = 'SELECT 1 FROM play_calls WHERE run = ? AND result IS NULL LIMIT 1';
  return database.all(sql, run).length > 0;
}

/** How a run was asked for: the command's name, its arguments and the values of its flags. */
export interface Invocation {
  readonly command: string;
  readonly args: readonly Value[];
  readonly options: { readonly [name: string]: Value };
  /** The folder it was asked in. */
  readonly cwd: string;
}

const keptInvocations = 200;

/** Keeps how a run was asked for, so that it can be resumed or retried; of the last runs only. It may hold secrets of `--extra-vars`: the state folder is its owner's alone. */
export function saveInvocation(database: Database, run: string, invocation: Invocation): void {
  database.transaction(() => {
    database.run(
      'INSERT OR REPLACE INTO invocations (run, words) VALUES (?, ?)',
      run,
      JSON.stringify(invocation),
    );
    database.run(
      'DELETE FROM invocations WHERE run NOT IN (SELECT run FROM invocations ORDER BY run DESC LIMIT ?)',
      keptInvocations,
    );
    // what nobody will go on with is nobody's business
    database.run(
      `DELETE FROM play_calls WHERE run NOT IN (SELECT run FROM invocations) OR (
        run IN (SELECT run FROM runs WHERE outcome = 'finished')
        AND run NOT IN (SELECT run FROM play_calls WHERE result IS NULL))`,
    );
  });
}

/** How a run was asked for; undefined for one that is too old, or that another version ran. */
export function loadInvocation(database: Database, run: string): Invocation | undefined {
  const [row] = database.all('SELECT words FROM invocations WHERE run = ?', run);
  return row === undefined ? undefined : (JSON.parse(String(row['words'])) as Invocation);
}
