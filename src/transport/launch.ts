import { randomBytes } from 'node:crypto';
import type { Command } from '../model/command.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { shLine, type Travelling, windowsLine } from './command-line.ts';
import type { Process, Session } from './session.ts';
import type { TransportSecrets } from './settings.ts';
import { becomeTrouble, followSudo, sudoWords } from './sudo.ts';

/** What a command is started with. */
export interface Launch {
  readonly command: Command;
  readonly becomeUser?: string | undefined;
  /** True when something will be written to its standard input. */
  readonly hasInput: boolean;
  /** It stays as long as the work does: nobody may wait for its end to begin something. */
  readonly isHeld?: boolean;
}

/** A command on its way: started, and possibly still talking to sudo. */
export interface Launched {
  readonly process: Process;
  /** Settles when standard input belongs to the command. */
  readonly ready: Promise<void>;
  /** True when standard input holds nothing but the script: it is closed already. */
  readonly inputClosed: boolean;
  /** Takes what came on stderr and returns what the command itself wrote. */
  stderr(bytes: Buffer): Buffer;
  /** Asked at the end: throws LabError 'failed' when sudo never let the command begin. */
  check(): void;
}

/** Starts a process; waits while the host takes no more at once. */
export type StartProcess = (line: string, isHeld?: boolean) => Promise<Process>;

/** Starts a command through the login shell, as another user when asked to. */
export async function launch(
  at: { host: Host; session: Session; start: StartProcess; secrets: TransportSecrets },
  wanted: Launch,
): Promise<Launched> {
  const { command, becomeUser, hasInput, isHeld } = wanted;
  const becomes = becomeUser !== undefined && becomeUser !== at.session.user;
  if (command.shell !== 'sh') {
    if (becomes)
      throw new LabError('input', `${at.host.name}: become works in POSIX shells only`, '');
    return plain(await at.start(windowsLine(command)), { line: '', lead: '', wholeInput: false });
  }
  if (becomes) return launchAs(becomeUser, at, wanted);
  const travelling = shLine(command, { hasInput });
  return plain(await at.start(travelling.line, isHeld), travelling);
}

function plain(process: Process, travelling: Travelling): Launched {
  giveLead(process, travelling);
  return {
    process,
    ready: Promise.resolve(),
    inputClosed: travelling.wholeInput,
    stderr: (bytes) => bytes,
    check: () => {},
  };
}

function giveLead(process: Process, { lead, wholeInput }: Travelling): void {
  if (lead !== '') process.stdin.write(lead);
  if (wholeInput) process.stdin.end();
}

async function launchAs(
  user: string,
  { host, start, secrets }: Parameters<typeof launch>[0],
  { command, hasInput, isHeld }: Launch,
): Promise<Launched> {
  const password = await secrets.becomePassword(host);
  const nonce = randomBytes(12).toString('hex');
  const prompt = password === undefined ? undefined : `lab-password-${nonce}:`;
  const begin = `lab-begin-${nonce}:`;
  const prefix = sudoWords(host, user, prompt);
  const travelling = shLine(command, { hasInput, start: begin, prefix });
  const process = await start(travelling.line, isHeld);
  const ready = Promise.withResolvers<void>();
  const talk = followSudo(prompt, begin, {
    // a second question means that the password was wrong: no guessing
    onPrompt: (times) => (times === 1 ? process.stdin.write(`${password}\n`) : process.stdin.end()),
    onStart() {
      giveLead(process, travelling);
      ready.resolve();
    },
  });
  return {
    process,
    ready: ready.promise,
    inputClosed: travelling.wholeInput,
    stderr: talk.push,
    check() {
      if (!talk.started()) throw becomeTrouble(host, user, talk, password !== undefined);
    },
  };
}
