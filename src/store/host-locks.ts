import { randomUUID } from 'node:crypto';
import { LabError } from '../model/lab-error.ts';
import type { Database, Row } from './database.ts';
import { type Process, processIsGone } from './process-identity.ts';

/** Who wants a host for themselves, as the next one is told. */
export interface LockHolder {
  readonly who: string;
  /** ISO 8601; for people only, no decision depends on a clock. */
  readonly since: string;
  readonly run: string;
}

/** Takes a host for one run; a dead process holds nothing. Throws LabError 'refused', naming the holder, when another run has it. */
export async function takeHostLock(
  database: Database,
  host: string,
  holder: LockHolder,
  process: Process,
): Promise<AsyncDisposable> {
  const token = randomUUID();
  const values = [host, token, holder.who, holder.since, holder.run, JSON.stringify(process)];
  const sql =
    'INSERT OR IGNORE INTO locks (host, token, who, since, run, process) VALUES (?, ?, ?, ?, ?, ?)';
  const free = (held: string) =>
    database.transaction(
      () => database.run('DELETE FROM locks WHERE host = ? AND token = ?', host, held),
      'quick',
    );
  while (database.transaction(() => database.run(sql, ...values), 'quick') === 0) {
    const [held] = database.all('SELECT * FROM locks WHERE host = ?', host);
    if (!held) continue;
    if (!(await processIsGone(JSON.parse(String(held['process']))))) throw refusal(host, held);
    // By its token: of several that noticed the death, none may free the lock of the one who was first.
    free(String(held['token']));
  }
  return {
    async [Symbol.asyncDispose]() {
      free(token);
    },
  };
}

function refusal(host: string, held: Row): LabError {
  const { who, since, run, process } = held;
  const { pid } = JSON.parse(String(process)) as Process;
  return new LabError(
    'refused',
    `${host} is locked by ${who} since ${since} (run ${run}, process ${pid})`,
    'wait for that run to end, or end it',
  );
}
