import type { Command } from '../model/command.ts';
import type { Connection, ExecOptions, ExecResult } from '../model/connection.ts';
import { decodeText } from '../model/display.ts';
import type { Host } from '../model/host.ts';
import type { Plan, StepContext, StepResult, WavePolicy } from '../model/plan.ts';
import { openLiveOutput } from './output-stream.ts';
import {
  lockOnTarget,
  markOf,
  parseTargetLock,
  renderTargetLock,
  type TargetHolder,
} from './target-lock.ts';
import { completeLength } from './text-stream.ts';

/** What every plan that acts on hosts is told. */
export interface ActingOptions {
  readonly hosts: readonly Host[];
  readonly forks: number;
  /** The longest one host may take in all. */
  readonly deadlineMs?: number;
  /** Run as this user; default: the host's `ansible_become_user` when its `ansible_become` is set. */
  readonly becomeUser?: string;
  readonly waves?: WavePolicy;
  readonly holder: TargetHolder;
}

/** What `lab run` asks for. */
export interface CommandOptions extends ActingOptions {
  readonly command: Command;
  readonly title?: string;
  readonly stdin?: Uint8Array;
  /** Ends a command that says nothing at all for so long. */
  readonly idleTimeoutMs?: number;
  /** Kept of each stream; default 1 MiB. */
  readonly maxOutputBytes?: number;
}

const mebibyte = 1024 * 1024;
const liveLimit = 64 * 1024;

/** Plans one command on every host; its exit code decides, its output is kept as text. */
export function planCommand(options: CommandOptions): Plan {
  const { command, title = `run ${command.shown}` } = options;
  return {
    ...planBase(options),
    title,
    steps: [{ id: 'command', title, run: (context) => runCommand(context, options) }],
  };
}

/** The parts of an acting plan that do not depend on what it does. */
export function planBase(options: ActingOptions): Omit<Plan, 'title' | 'steps'> {
  const { hosts, forks, deadlineMs, waves } = options;
  return {
    hosts,
    forks,
    acts: true,
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(waves && { waves }),
  };
}

/** The user to become on a host, as exec options. */
export function becomeOf(host: Host, asked: string | undefined): { readonly becomeUser?: string } {
  const { become, becomeUser } = host.connection;
  const user = asked ?? (become ? becomeUser || 'root' : undefined);
  return user === undefined ? {} : { becomeUser: user };
}

async function runCommand(context: StepContext, options: CommandOptions): Promise<StepResult> {
  const { holder } = options;
  const connection = await context.connection();
  const result = await execLive(connection, context, options);
  const stdout = keptText(result.stdout, result.droppedBytes > 0);
  const stderr = keptText(result.stderr, result.droppedBytes > 0);
  const { stderr: shown, ...lock } = parseTargetLock(stderr, holder);
  const failed = result.exitCode !== 0;
  return {
    outcome: failed ? 'failed' : 'ok',
    changes: [],
    ...(failed && { message: endOf(result) }),
    data: {
      exitCode: result.exitCode,
      signal: result.signal,
      stdout,
      stderr: shown,
      droppedBytes: result.droppedBytes,
      ...renderTargetLock(lock),
    },
  };
}

async function execLive(
  connection: Connection,
  context: StepContext,
  options: CommandOptions,
): Promise<ExecResult> {
  const { command, holder, stdin, idleTimeoutMs, maxOutputBytes = mebibyte } = options;
  const live = openLiveOutput(context.output, { limit: liveLimit, hidden: markOf(holder.nonce) });
  const exec: ExecOptions = {
    signal: context.signal,
    maxOutputBytes,
    onOutput: live.push,
    ...becomeOf(context.host, options.becomeUser),
    ...(stdin && { stdin }),
    ...(idleTimeoutMs !== undefined && { idleTimeoutMs }),
  };
  try {
    return await connection.exec(lockOnTarget(command, holder), exec);
  } finally {
    live.end();
  }
}

/** Decodes kept output; where the limit may have cut a character in two, its half is left out. */
function keptText(bytes: Uint8Array, cut: boolean): string {
  return decodeText(cut ? bytes.subarray(0, completeLength(bytes)) : bytes).text;
}

function endOf({ exitCode, signal }: ExecResult): string {
  if (exitCode !== null) return `exit code ${exitCode}`;
  return signal === null ? 'ended without an exit code' : `ended by signal ${signal}`;
}
