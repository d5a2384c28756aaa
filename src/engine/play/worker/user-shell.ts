import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { Connection, Shell } from '../../../model/connection.ts';
import { LabError } from '../../../model/lab-error.ts';
import { lockOnTarget, parseTargetLock, type TargetHolder } from '../../target-lock.ts';
import { prelude } from './host-prelude.ts';
import { readHello, readTurn, type TurnResult } from './read-looks.ts';
import { openTurnReader, type TurnReader } from './read-turn.ts';
import { renderTurn } from './render-turn.ts';
import { shellEnded, unreadable } from './shell-ended.ts';
import { type Hello, limitOf, type Turn } from './turn.ts';

/** How the shell of one user is opened. */
export interface UserShellSettings {
  readonly connection: Connection;
  /** undefined: the login. */
  readonly becomeUser: string | undefined;
  /** Holds the host's lock of that user as long as the shell is open. */
  readonly holder: TargetHolder | undefined;
  readonly waitForLockMs: number;
  readonly signal?: AbortSignal;
  nowMs(): number;
  sleep(ms: number): Promise<void>;
  /** Told once when the host has no lock to hold, with the reason. */
  onNoLock?(why: string): void;
}

/** Runs turns as one user of a host, in one shell that is held open. */
export interface UserShell {
  /** Throws `Unreachable` when the session is lost, LabError 'failed' when the shell or the way to the user broke, 'refused' when another run holds the host. */
  run(part: Omit<Turn, 'marker' | 'hello'>, limitMs?: number): Promise<TurnResult>;
  close(): Promise<void>;
}

interface Held {
  readonly shell: Shell;
  hello: Hello | undefined;
  reader: TurnReader | undefined;
  isHeld: boolean;
  onWhole: () => void;
}

/** Prepares the shell; it is opened by the first turn. */
export function openUserShell(settings: UserShellSettings): UserShell {
  let held: Promise<Held> | undefined;
  let barred: LabError | undefined;
  const waitUntil = settings.nowMs() + settings.waitForLockMs;
  const attempt = async (
    part: Omit<Turn, 'marker' | 'hello'>,
    limitMs: number | undefined,
  ): Promise<TurnResult> => {
    held ??= hold(settings);
    const opening = held;
    try {
      const open = await opening;
      const result = await runTurn(open, settings, part, limitMs);
      open.isHeld ||= result.isHeld;
      // a new shell has an output of its own; the step that goes on still needs the old one
      if (open.isHeld && part.step?.ends !== false) {
        held = undefined;
        await open.shell.close();
      }
      return result;
    } catch (error) {
      if (held === opening) held = undefined;
      void opening.then(({ shell }) => shell.close()).catch(() => {});
      throw error;
    }
  };
  /** Whether another attempt may be made after this trouble. */
  const mayWait = (error: unknown): boolean => {
    if (!(error instanceof LabError)) return false;
    if (error.kind === 'failed' && error.message.includes('could not become')) barred = error;
    return error.kind === 'refused' && settings.nowMs() < waitUntil;
  };
  return {
    async run(part, limitMs) {
      // a password that was refused is not tried again: guessing locks accounts
      if (barred) throw barred;
      for (;;)
        try {
          return await attempt(part, limitMs);
        } catch (error) {
          if (!mayWait(error)) throw error;
          await settings.sleep(300);
        }
    },
    async close() {
      const open = held;
      held = undefined;
      await open?.then(
        ({ shell }) => shell.close(),
        () => {},
      );
    },
  };
}

async function hold({ connection, becomeUser, holder, signal }: UserShellSettings): Promise<Held> {
  const plain = { shell: 'sh', script: 'exec /bin/sh', shown: 'exec /bin/sh' } as const;
  let held: Held | undefined;
  const shell = await connection.shell({
    command: holder ? lockOnTarget(plain, holder) : plain,
    ...(becomeUser !== undefined && { becomeUser }),
    ...(signal && { signal }),
    onOutput(stream, bytes) {
      const { reader } = held ?? {};
      reader?.push(stream, bytes);
      if (reader?.whole()) held?.onWhole();
    },
  });
  held = { shell, hello: undefined, reader: undefined, isHeld: false, onWhole: () => {} };
  return held;
}

async function runTurn(
  held: Held,
  settings: UserShellSettings,
  part: Omit<Turn, 'marker' | 'hello'>,
  limitMs: number | undefined,
): Promise<TurnResult> {
  const isFirst = held.hello === undefined;
  const turn: Turn = { ...part, hello: isFirst, marker: `lab-${randomBytes(12).toString('hex')}` };
  const reader = openTurnReader(turn.marker, limitOf(turn));
  held.reader = reader;
  const whole = new Promise<'whole'>((resolve) => {
    held.onWhole = () => resolve('whole');
  });
  void held.shell.write(Buffer.from(`${isFirst ? prelude : ''}${renderTurn(turn)}`));
  const end = await endOf(held.shell, whole, limitMs);
  if (!reader.whole()) throw troubleOf(end, reader, isFirst ? settings : undefined);
  held.reader = undefined;
  const sections = reader.sections();
  held.hello ??= hear(sections, reader, settings);
  return readTurn(turn, sections, held.hello);
}

function hear(
  sections: ReturnType<TurnReader['sections']>,
  reader: TurnReader,
  { holder, onNoLock }: UserShellSettings,
): Hello {
  const first = sections.shift();
  if (first === undefined) throw unreadable();
  const lock = holder && parseTargetLock(reader.before(), holder);
  if (lock?.lock === 'none') onNoLock?.(lock.why);
  return readHello(first);
}

type End = 'whole' | 'late' | Awaited<Shell['ended']>;

async function endOf(
  shell: Shell,
  whole: Promise<'whole'>,
  limitMs: number | undefined,
): Promise<End> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    if (limitMs !== undefined) timer = setTimeout(() => resolve('late'), limitMs);
  });
  try {
    return await Promise.race([whole, shell.ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Why a turn did not come to its end; a lock that another run holds is one reason at the first turn. */
function troubleOf(end: End, reader: TurnReader, first: UserShellSettings | undefined): Error {
  const printed = reader.tail();
  if (end === 'late')
    return shellEnded('the task did not end in its time, and its shell was ended', printed);
  if (first?.holder !== undefined) {
    try {
      parseTargetLock(reader.before(), first.holder);
    } catch (error) {
      if (error instanceof LabError) return error;
      throw error;
    }
  }
  const { exitCode, signal } = end === 'whole' ? { exitCode: null, signal: null } : end;
  const how = exitCode === null ? (signal ?? 'without an exit code') : `exit code ${exitCode}`;
  return shellEnded(`the shell on the host ended before the task did (${how})`, printed);
}
