import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LabError } from '../../model/lab-error.ts';

/** What became of dnsmasq. */
export type DnsmasqChange =
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'died'; readonly why: string; readonly againInMs: number };

/** How dnsmasq is kept. */
export interface SuperviseOptions {
  readonly program: string;
  readonly configFile: string;
  readonly env: { readonly [name: string]: string | undefined };
  /** Where starting needs more rights than the rest of the program has. */
  readonly spawnAs?: <T>(work: () => T) => T;
  /** Every line it writes. */
  readonly onLine: (line: string) => void;
  readonly onChange: (change: DnsmasqChange) => void;
  /** How long it waits before it starts it anew, at first; doubled up to 30 s while it keeps dying. */
  readonly firstWaitMs?: number;
}

/** A dnsmasq that runs, and runs again when it dies. */
export interface SupervisedDnsmasq extends AsyncDisposable {
  /** The process now; 0 between two of them. */
  pid(): number;
}

const longestWaitMs = 30_000;
/** One that lived so long is no longer counted among those that keep dying. */
const steadyMs = 60_000;

/** The shell ends dnsmasq when its input closes, so it never outlives the program that started it, however that ends; its exit code is dnsmasq's. */
const script = `exec 3<&0
"$@" </dev/null 3<&- &
child=$!
{ cat <&3 >/dev/null; kill "$child"; } 2>/dev/null >/dev/null &
echo "pid $child"
wait "$child"
code=$?
kill $! 2>/dev/null
exit $code`;

interface Life {
  readonly shell: ChildProcess;
  readonly said: string[];
  pid: number;
  readonly ended: Promise<number>;
  readonly ready: Promise<boolean>;
}

/** Starts dnsmasq and resolves when it serves; throws LabError 'environment' with its own words when it does not start. */
export async function superviseDnsmasq(options: SuperviseOptions): Promise<SupervisedDnsmasq> {
  const first = begin(options);
  if (!(await first.ready)) throw await explain(first);
  options.onChange({ type: 'started', pid: first.pid });
  const kept = { life: first };
  const stopping = new AbortController();
  const watching = keep(kept, options, stopping.signal);
  return {
    pid: () => (isRunning(kept.life) ? kept.life.pid : 0),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await end(kept.life);
      await watching;
    },
  };
}

/** Starts it anew whenever it dies, until it is told to stop. */
async function keep(
  kept: { life: Life },
  options: SuperviseOptions,
  signal: AbortSignal,
): Promise<void> {
  const shortestWaitMs = options.firstWaitMs ?? 250;
  for (let waitMs = shortestWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    const since = performance.now();
    const code = await kept.life.ended;
    if (signal.aborted) return;
    if (performance.now() - since > steadyMs) waitMs = shortestWaitMs;
    const why = tellEnd(code, kept.life.said);
    options.onChange({ type: 'died', why, againInMs: waitMs });
    await pause(waitMs, signal);
    if (signal.aborted) return;
    kept.life = begin(options);
    if (await kept.life.ready) options.onChange({ type: 'started', pid: kept.life.pid });
  }
}

function isRunning({ shell }: Life): boolean {
  return shell.exitCode === null && shell.signalCode === null;
}

function begin({ program, configFile, env, onLine, spawnAs }: SuperviseOptions): Life {
  const args = [program, '--keep-in-foreground', '--log-facility=-', `--conf-file=${configFile}`];
  const start = () =>
    spawn('/bin/sh', ['-c', script, 'sh', ...args], {
      // A group of its own: Ctrl-C at the terminal is for us to hear, we end dnsmasq after the rest.
      detached: true,
      env: { ...env, LC_ALL: 'C', PATH: `${env['PATH'] ?? ''}:/usr/sbin:/sbin` },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  const shell = spawnAs === undefined ? start() : spawnAs(start);
  shell.stdin?.on('error', () => undefined);
  const said: string[] = [];
  const started = Promise.withResolvers<boolean>();
  const ended = new Promise<number>((resolve) => {
    shell.once('error', () => resolve(127));
    shell.once('close', (code) => resolve(code ?? 128));
  });
  void ended.then(() => started.resolve(false));
  const life: Life = { shell, said, pid: 0, ended, ready: started.promise };
  // Two pipes: what was written first may be read last.
  let serves = false;
  const look = () => {
    if (serves && life.pid > 0) started.resolve(true);
  };
  createInterface({ input: shell.stdout }).on('line', (line) => {
    life.pid = Number(/^pid (\d+)$/.exec(line)?.[1] ?? life.pid);
    look();
  });
  createInterface({ input: shell.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > 20) said.shift();
    serves ||= /\bstarted, version /.test(line);
    look();
    onLine(line);
  });
  return life;
}

async function end(life: Life): Promise<void> {
  life.shell.stdin?.end();
  const late = setTimeout(() => life.pid > 0 && process.kill(life.pid, 'SIGKILL'), 5000);
  await life.ended;
  clearTimeout(late);
}

async function explain(life: Life): Promise<LabError> {
  const code = await life.ended;
  const words = life.said.join('\n');
  const hint = /in use/i.test(words)
    ? 'another DHCP or TFTP server runs on this machine: ss -lunp shows it'
    : /permitted|denied/i.test(words)
      ? 'run it as root, or as the service that lab netboot service prints'
      : code === 127
        ? 'apt-get install dnsmasq-base'
        : '';
  return new LabError('environment', `dnsmasq did not start: ${tellEnd(code, life.said)}`, hint);
}

function tellEnd(code: number, said: readonly string[]): string {
  const words = said.findLast((line) => /failed|cannot|bad |unknown|error|not found/i.test(line));
  const how = code > 128 ? `ended by signal ${code - 128}` : `ended with exit code ${code}`;
  return words === undefined ? how : `${how}: ${words.replace(/^dnsmasq: /, '').trim()}`;
}

/** Waits; sooner done when it is told to stop. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
