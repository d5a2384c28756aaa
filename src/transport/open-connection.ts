import type { Connection } from '../model/connection.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { type Launch, launch } from './launch.ts';
import { abortTrouble } from './reach.ts';
import { runCommand } from './run-command.ts';
import { type Process, type Session, sessionsBusy } from './session.ts';
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
    const input = stdin === undefined ? [] : [stdin];
    const giveUp = () => void session.close();
    return runCommand(host.name, launched, { ...options, input, giveUp });
  };
  return {
    exec,
    put: (content, path, options = {}) => putFile({ host, begin }, content, path, options),
    get: (path, options = {}) => getFile({ host, begin }, path, options),
    [Symbol.asyncDispose]: () => session.close(),
  };
}

/** Processes at once in one session: OpenSSH allows ten (sshd_config(5), MaxSessions). */
const usualSessions = 8;

/** Starts processes one after another where the host takes no more at once; a smaller limit than the usual one is learnt from its refusal. */
function queueStarts(host: Host, session: Session): (line: string) => Promise<Process> {
  let limit = usualSessions;
  let running = 0;
  const waiting: (() => void)[] = [];
  const release = () => {
    running -= 1;
    waiting.shift()?.();
  };
  const start = async (line: string): Promise<Process> => {
    while (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      const process = await session.start(line);
      process.ended.then(release, release);
      return process;
    } catch (error) {
      running -= 1;
      if (error !== sessionsBusy) throw error;
      if (running === 0)
        throw new LabError(
          'failed',
          `${host.name} lets nothing be run`,
          'see MaxSessions and ForceCommand in its sshd_config',
        );
      limit = Math.max(1, Math.min(limit, running));
      return start(line);
    }
  };
  return start;
}
