import { Buffer } from 'node:buffer';
import type { Family, LostSession } from '../model/check.ts';
import { type Connection, type ExecResult, Unreachable } from '../model/connection.ts';
import type { Host } from '../model/host.ts';
import type { StepContext } from '../model/plan.ts';
import type { ChosenCheck } from './check-settings.ts';
import { type Probe, renderProbeScript } from './probe-script.ts';
import { readSections, type Section } from './probe-sections.ts';

/** What one host answered to all probes: its sections by check name, or why there is no answer. Times are the controller's, milliseconds since 1970. */
export interface Answer {
  readonly lost?: LostSession;
  readonly sections: ReadonlyMap<string, Section>;
  /** What went wrong with the script as a whole, or ''. */
  readonly trouble: string;
  readonly sentAtMs: number;
  /** When the first probe's answer was here. */
  readonly firstAtMs: number;
  readonly receivedAtMs: number;
}

/** What a host with this connection runs. */
export function familyOf(host: Host): Family {
  const { kind, shellType } = host.connection;
  return kind === 'winrm' || /^(?:powershell|cmd)$/.test(shellType) ? 'windows' : 'linux';
}

/** The probes of one host's checks; ids count the checks from 0. */
function probesOf(chosen: readonly ChosenCheck[], host: Host): Probe[] {
  return chosen.flatMap(({ check, options }, id) => {
    const command = check.probe[familyOf(host)]?.(options, host);
    if (command === undefined) return [];
    const { wantsRoot = false, turn = '', limitSeconds = 20 } = check;
    return [{ id, script: command.script, wantsRoot, turn, limitSeconds }];
  });
}

/** The answer of a host that was not asked. */
export function noAnswer(lost?: LostSession): Answer {
  const times = { sentAtMs: 0, firstAtMs: 0, receivedAtMs: 0 };
  return { ...times, sections: new Map(), trouble: '', ...(lost === undefined ? {} : { lost }) };
}

interface Rim {
  readonly marker: string;
  now(): number;
}

/** Asks a host all its probes in one round trip. A lost session is an answer; other errors are thrown. */
export async function askProbes(
  context: StepContext,
  chosen: readonly ChosenCheck[],
  rim: Rim,
): Promise<Answer> {
  try {
    const connection = await context.connection();
    const probes = familyOf(context.host) === 'linux' ? probesOf(chosen, context.host) : [];
    return probes.length === 0 ? noAnswer() : await ask(connection, probes, context, chosen, rim);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return noAnswer({ reason: error.reason, message: error.message, hint: error.hint });
  }
}

async function ask(
  connection: Connection,
  probes: readonly Probe[],
  { host, signal }: StepContext,
  chosen: readonly ChosenCheck[],
  rim: Rim,
): Promise<Answer> {
  const { become, becomeUser } = host.connection;
  const script = renderProbeScript(probes, rim.marker, become);
  const watch = watchFor(`\n${rim.marker} e `, rim.now);
  const sentAtMs = rim.now();
  const result = await connection.exec(
    { shell: 'sh', script, shown: 'health checks' },
    {
      signal,
      maxOutputBytes: 4 * 1024 * 1024,
      onOutput: watch.take,
      ...(become ? { becomeUser: becomeUser === '' ? 'root' : becomeUser } : {}),
    },
  );
  const receivedAtMs = rim.now();
  const byId = readSections(result.stdout, result.stderr, rim.marker);
  const sections = new Map(
    chosen.flatMap(({ check }, id) => {
      const section = byId.get(id);
      return section === undefined ? [] : [[check.name, section] as const];
    }),
  );
  const trouble = troubleOf(result, sections.size);
  return { sections, trouble, sentAtMs, firstAtMs: watch.at() ?? receivedAtMs, receivedAtMs };
}

/** Notes when a text first came by on stdout. */
function watchFor(text: string, now: () => number) {
  let atMs: number | undefined;
  let tail = '';
  return {
    at: () => atMs,
    take(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
      if (atMs !== undefined || stream === 'stderr') return;
      tail += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      if (tail.includes(text)) atMs = now();
      tail = tail.slice(-text.length);
    },
  };
}

function troubleOf(result: ExecResult, sections: number): string {
  if (result.droppedBytes > 0) return 'the answer was too long and was cut off';
  if (sections > 0) return result.exitCode === 0 ? '' : 'the answer ended too early';
  const said = Buffer.from(result.stderr).toString('utf8').trim().split('\n').at(-1) ?? '';
  return `the PC did not run the probes (exit code ${result.exitCode ?? result.signal})${said === '' ? '' : `: ${said}`}`;
}
