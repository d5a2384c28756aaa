import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '../model/lab-error.ts';
import { isSameMachine, type Process, processIsGone, thisProcess } from './process-identity.ts';

/** What a lock file says, so that whoever meets it knows whom to ask. */
interface LockRecord extends Process {
  readonly who: string;
  /** ISO 8601, for people only: no decision depends on a clock. */
  readonly since: string;
  readonly token: string;
}

/** How long to wait for a lock. */
export interface LockOptions {
  /** Default 5000. */
  readonly waitMs?: number;
}

/** Takes a lock file that no two processes can hold at once, also over NFS (link(2) is atomic there). A holder that died on this machine is followed at once; one on another machine is never assumed dead. Throws LabError 'refused', naming who holds it and since when, after `waitMs`. */
export async function openFileLock(
  path: string,
  who: string,
  options: LockOptions = {},
): Promise<AsyncDisposable> {
  const { waitMs = 5000 } = options;
  const startedAt = performance.now();
  for (;;) {
    const mine = await makeRecord(who);
    const holder = await take(path, mine, 0);
    if (holder === 'ours') return { [Symbol.asyncDispose]: () => release(path, mine.token) };
    if (performance.now() - startedAt >= waitMs) throw refusal(path, holder);
    // Uneven pauses, so that many writers do not wake up together.
    await sleep(10 + Math.random() * 40);
  }
}

type Answer = 'ours' | 'unreadable' | LockRecord;

/** Tries once; the answer is 'ours', or what is known of the holder. */
async function take(path: string, mine: LockRecord, depth: number): Promise<Answer> {
  if (await create(path, mine)) return 'ours';
  const holder = await readRecord(path);
  if (holder === 'gone') return take(path, mine, depth);
  if (holder === 'unreadable' || !(await isDead(holder)) || depth > 3) return holder;
  return takeOver(path, mine, holder, depth);
}

/** Follows a dead holder. Of several that try, only the one that takes the lock named after the dead holder's token may replace it. */
async function takeOver(
  path: string,
  mine: LockRecord,
  dead: LockRecord,
  depth: number,
): Promise<Answer> {
  const guard = `${path}.${dead.token}`;
  if ((await take(guard, mine, depth + 1)) !== 'ours') return dead;
  try {
    const present = await readRecord(path);
    if (typeof present === 'string' || present.token !== dead.token) return dead;
    const temporary = await writeRecord(path, mine);
    await rename(temporary, path);
    return 'ours';
  } finally {
    await rm(guard, { force: true });
  }
}

async function create(path: string, mine: LockRecord): Promise<boolean> {
  const temporary = await writeRecord(path, mine);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    // ENOENT: the holder, tidying up, took our file for a dead writer's; the next try makes a new one.
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error))) throw error;
    return await createExclusively(path, mine);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** For file systems without hard links (FAT, some shares). */
async function createExclusively(path: string, mine: LockRecord): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o644);
    await file.writeFile(JSON.stringify(mine));
    await file.close();
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function writeRecord(path: string, mine: LockRecord): Promise<string> {
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o644);
    await file.writeFile(JSON.stringify(mine));
    await file.close();
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new LabError(
      'environment',
      `cannot make the lock ${path}`,
      'check the permissions of its folder and the space on its disk',
      { cause: error },
    );
  }
  return temporary;
}

async function readRecord(path: string): Promise<LockRecord | 'gone' | 'unreadable'> {
  try {
    const found: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isRecord(found) ? found : 'unreadable';
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

function isRecord(value: unknown): value is LockRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Record<string, unknown> = { ...value };
  return (
    ['who', 'host', 'since'].every((name) => typeof fields[name] === 'string') &&
    typeof fields['pid'] === 'number' &&
    /^[0-9a-f]{16}$/.test(String(fields['token']))
  );
}

async function isDead(holder: LockRecord): Promise<boolean> {
  return isSameMachine(holder, await thisProcess()) && (await processIsGone(holder));
}

async function release(path: string, token: string): Promise<void> {
  const present = await readRecord(path);
  if (typeof present !== 'string' && present.token === token) await rm(path, { force: true });
}

async function makeRecord(who: string): Promise<LockRecord> {
  const token = randomBytes(8).toString('hex');
  return { ...(await thisProcess()), who, since: new Date().toISOString(), token };
}

function refusal(path: string, holder: Exclude<Answer, 'ours'>): LabError {
  if (holder === 'unreadable')
    return new LabError(
      'refused',
      `the lock ${path} is held, but does not say by whom`,
      'if nobody is working on it, remove that file',
    );
  return new LabError(
    'refused',
    `${holder.who} on ${holder.host} (process ${holder.pid}) has been working on it since ${holder.since}`,
    `wait until it is done; if that process is certainly gone, remove ${path}`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
