import type { Command } from '../model/command.ts';
import type { Connection } from '../model/connection.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { holdShell } from './hold-shell.ts';
import { type Launch, launch, type StartProcess } from './launch.ts';
import { abortTrouble } from './reach.ts';
import { runCommand } from './run-command.ts';
import { type Session, sessionsBusy } from './session.ts';
import type { TransportSecrets } from './settings.ts';
import { getFile, putFile } from './transfer.ts';

/** Builds what the rest of Labkit works with on top of any way in. */
export function openConnection(
  host: Host,
  session: Session,
  secrets: TransportSecrets,
): Connection {
  const start = queueStarts(host, session);
  const begin = (wanted: Launch) => launch({ host, session, start, secrets }, wanted);
  const exec: Connection['exec'] = async (command, options = {}) => {
    if (options.signal?.aborted) throw abortTrouble(host.name, options.signal);
    const { stdin, becomeUser } = options;
    const launched = await begin({ command, becomeUser, hasInput: stdin !== undefined });
    const input = stdin === undefined ? [] : stdin instanceof Uint8Array ? [stdin] : stdin;
    const giveUp = () => void session.close();
    return runCommand(host.name, launched, { ...options, input, giveUp });
  };
  const shell: Connection['shell'] = async (options) => {
    if (options.signal?.aborted) throw abortTrouble(host.name, options.signal);
    const { becomeUser, command = plainShell } = options;
    const launched = await begin({ command, becomeUser, hasInput: true, isHeld: true });
    return holdShell(host.name, launched, options);
  };
  return {
    exec,
    shell,
    put: (content, path, options = {}) => putFile({ host, begin }, content, path, options),
    get: (path, options = {}) => getFile({ host, begin }, path, options),
    [Symbol.asyncDispose]: () => session.close(),
  };
}

/** Reads what to do from its standard input. */
const plainShell: Command = { shell: 'sh', script: 'exec /bin/sh', shown: 'exec /bin/sh' };

/** Processes at once in one session: OpenSSH allows ten (sshd_config(5), MaxSessions). */
const usualSessions = 8;

/** Starts processes one after another where the host takes no more at once; a smaller limit than the usual one is learnt from its refusal. */
function queueStarts(host: Host, session: Session): StartProcess {
  const places = openPlaces(host);
  const start: StartProcess = async (line, isHeld = false) => {
    const place = await places.take(isHeld);
    try {
      const process = await session.start(line);
      place.open();
      process.ended.then(place.leave, place.leave);
      return process;
    } catch (error) {
      place.leave();
      if (error !== sessionsBusy) throw error;
      place.shrink();
      return start(line, isHeld);
    }
  };
  return start;
}

/** Counts what runs in a session: what was asked for, and what the host let be opened. */
function openPlaces(host: Host) {
  let limit = usualSessions;
  let [running, held, opened, mostOpened] = [0, 0, 0, 0];
  const waiting: (() => void)[] = [];
  return {
    async take(isHeld: boolean) {
      while (running >= limit) {
        // shells that are held open end only when the work does
        if (running === held) throw busyTrouble(host, running);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      const isAlone = running === 0;
      let isOpen = false;
      running += 1;
      if (isHeld) held += 1;
      return {
        open() {
          isOpen = true;
          opened += 1;
          mostOpened = Math.max(mostOpened, opened);
        },
        leave() {
          running -= 1;
          if (isHeld) held -= 1;
          if (isOpen) opened -= 1;
          waiting.shift()?.();
        },
        /** Learns from a refusal: what ran beside this one may have ended before its refusal was read. */
        shrink() {
          if (isAlone) throw busyTrouble(host, 0);
          limit = Math.max(1, Math.min(limit, mostOpened));
        },
      };
    },
  };
}

function busyTrouble(host: Host, running: number): LabError {
  return new LabError(
    'failed',
    running === 0
      ? `${host.name} lets nothing be run`
      : `${host.name} lets no more than ${running} shells be open at once`,
    'see MaxSessions and ForceCommand in its sshd_config',
  );
}
