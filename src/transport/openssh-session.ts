import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Unreachable } from '../model/connection.ts';
import { LabError } from '../model/lab-error.ts';
import { type Askpass, openAskpass } from './askpass.ts';
import type { KnownKeys } from './judge-host-key.ts';
import { processOfChild } from './local-session.ts';
import { opensshTrouble } from './openssh-trouble.ts';
import { type MasterSettings, masterWords, sessionWords } from './openssh-words.ts';
import type { Session } from './session.ts';

/** What a session through the system's `ssh` is opened with. */
export interface OpensshTarget
  extends Omit<MasterSettings, 'socket' | 'knownHosts' | 'ready' | 'asks'> {
  readonly where: string;
  readonly controlFolder: string;
  readonly known: KnownKeys;
  /** The password, or the passphrase of the key; undefined when none is needed. */
  readonly secret: string | undefined;
  readonly agentSocket: string | undefined;
}

/** Logs in by the system's `ssh` (execa, ControlMaster); further `ssh` processes run commands in its session. Throws `Unreachable`. */
export async function openOpenssh(target: OpensshTarget, signal: AbortSignal): Promise<Session> {
  const folder = await privateFolder(target);
  const knownHosts = join(folder, 'known_hosts');
  const settings = {
    ...target,
    knownHosts,
    socket: join(folder, 's'),
    ready: 'lab-ready',
    asks: target.secret !== undefined,
  };
  const before = target.known.lines(target.keyAlias);
  await writeFile(knownHosts, before, { mode: 0o600 });
  const askpass =
    target.secret === undefined ? undefined : await openAskpass(folder, target.secret);
  try {
    const master = await startMaster(settings, askpass, signal);
    const fresh = (await readFile(knownHosts, 'utf8')).slice(before.length);
    await target.known.adopt(fresh);
    return sessionOf(target, settings.socket, folder, master);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await askpass?.close();
  }
}

/** A socket's path must fit in 108 bytes with the name `ssh` uses while it makes it (unix(7)). */
const longestFolder = 70;

async function privateFolder({ controlFolder }: OpensshTarget): Promise<string> {
  if (Buffer.byteLength(controlFolder) > longestFolder)
    throw new LabError(
      'environment',
      `${controlFolder} is too long a path for the sockets of ssh`,
      `give a folder of at most ${longestFolder} bytes`,
    );
  await mkdir(controlFolder, { recursive: true, mode: 0o700 });
  return mkdtemp(join(controlFolder, 'c'));
}

interface Master {
  readonly child: PromiseLike<unknown> & { kill(signal: NodeJS.Signals): boolean };
  readonly over: () => boolean;
  readonly said: () => string;
}

async function startMaster(
  settings: MasterSettings & OpensshTarget,
  askpass: Askpass | undefined,
  signal: AbortSignal,
): Promise<Master> {
  const { execa } = await import('execa');
  signal.throwIfAborted();
  const agent = settings.agentSocket === undefined ? {} : { SSH_AUTH_SOCK: settings.agentSocket };
  const child = execa('ssh', masterWords(settings), {
    stdin: 'ignore',
    buffer: false,
    reject: false,
    env: { ...agent, ...askpass?.env, LC_ALL: 'C' },
  });
  let said = '';
  let over = false;
  child.stderr.on('data', (bytes: Buffer) => {
    said = `${said}${bytes}`.slice(-16_384);
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  const ended = child.then((result) => {
    over = true;
    return result;
  });
  const ready = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  const first = await Promise.race([ready, ended]);
  signal.removeEventListener('abort', stop);
  if (first === undefined) return { child, over: () => over, said: () => said };
  signal.throwIfAborted();
  if ('code' in first && first.code === 'ENOENT')
    throw new LabError(
      'environment',
      "the system's ssh is not installed",
      'install openssh-client',
    );
  throw opensshTrouble(settings.where, said, settings.known);
}

function sessionOf(target: OpensshTarget, socket: string, folder: string, master: Master): Session {
  const lost = () => (master.over() ? lostTrouble(target.where, master.said()) : undefined);
  return {
    user: target.user,
    lost,
    async start(line) {
      const gone = lost();
      if (gone) throw gone;
      // raw pipes with their own back-pressure: what execa adds is not wanted here
      const child = spawn('ssh', sessionWords(socket, line), { stdio: 'pipe' });
      const process = processOfChild(child, () => child.kill('SIGKILL'));
      const ended = process.ended.then(async (exit) => {
        // 255 is both a command's own exit code and ssh's word for a lost session
        const trouble = exit.exitCode === 255 ? await soon(lost) : undefined;
        if (trouble) throw trouble;
        return exit;
      });
      ended.catch(() => {});
      return { ...process, exited: new Promise(() => {}), ended };
    },
    async close() {
      master.child.kill('SIGTERM');
      await master.child;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A master ends a moment after the processes in its session notice. */
async function soon<T>(look: () => T | undefined): Promise<T | undefined> {
  for (let tries = 0; tries < 5 && look() === undefined; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return look();
}

function lostTrouble(where: string, said: string): Unreachable {
  const silent = /Timeout, server .* not responding/.test(said);
  if (silent) return new Unreachable('timeout', `${where} fell silent: the session was given up`);
  return new Unreachable('reset', `${where} closed the session`);
}
