import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One network segment: a bridge in a namespace of its own, and machines that are namespaces with one card `lan` each. */
export interface Segment extends AsyncDisposable {
  /** A folder for this segment's files. */
  readonly folder: string;
  /** Adds a machine; hands back its namespace and the MAC address of its card. */
  join(address: string): { readonly namespace: string; readonly mac: string };
  /** Adds a port for a virtual machine; hands back the tap's name and the namespace that it is in. */
  addTap(): { readonly namespace: string; readonly tap: string };
  /** Starts a program in a machine; ended with the segment. */
  start(namespace: string, argv: readonly string[]): ChildProcess;
  /** Starts dnsmasq with this configuration in a machine and waits until it serves. */
  startDnsmasq(namespace: string, config: string): Promise<ChildProcess>;
  /** Runs a program in a machine to its end and hands back what it printed. */
  run(namespace: string, argv: readonly string[]): Promise<string>;
}

let count = 0;

/** Needs root. Everything is gone when it is disposed of, whatever failed. */
export function openSegment(): Segment {
  sweepSegments();
  count += 1;
  const prefix = `lkseg${process.pid}-${count}`;
  const folder = mkdtempSync(join(tmpdir(), `${prefix}-`));
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const start = (namespace: string, argv: readonly string[]) => {
    const child = spawn('ip', ['netns', 'exec', namespace, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    undo.push(() => stop(child));
    return child;
  };
  return {
    folder,
    ...openWires(prefix, undo),
    start,
    async startDnsmasq(namespace, config) {
      const file = join(folder, `${namespace}.conf`);
      writeFileSync(file, config);
      const flags = ['--keep-in-foreground', '--log-facility=-', '--pid-file', '--user=root'];
      const leases = `--dhcp-leasefile=${file}.leases`;
      const child = start(namespace, ['dnsmasq', ...flags, leases, `--conf-file=${file}`]);
      await awaitLine(child, /started, version/);
      return child;
    },
    async run(namespace, argv) {
      const child = start(namespace, argv);
      let printed = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (data) => {
          printed += String(data);
        });
      await once(child, 'close');
      return printed;
    },
    async [Symbol.asyncDispose]() {
      for (const step of undo.reverse().splice(0)) await step();
    },
  };
}

/** The bridge, made with its first port. */
function openWires(prefix: string, undo: (() => unknown)[]): Pick<Segment, 'join' | 'addTap'> {
  const bridge = `${prefix}-b`;
  let machines = 0;
  let taps = 0;
  const addNamespace = (name: string) => {
    ip('netns', 'add', name);
    undo.push(() => ip('netns', 'delete', name));
    ip('-n', name, 'link', 'set', 'lo', 'up');
  };
  const addBridge = () => {
    if (machines + taps > 0) return;
    addNamespace(bridge);
    ip('-n', bridge, 'link', 'add', 'name', 'segment', 'type', 'bridge');
    ip('-n', bridge, 'link', 'set', 'segment', 'up');
  };
  return {
    join(address) {
      addBridge();
      machines += 1;
      const namespace = `${prefix}-${machines}`;
      addNamespace(namespace);
      const port = `p${machines}`;
      const mac = `52:54:00:5e:00:${machines.toString(16).padStart(2, '0')}`;
      ip('-n', bridge, 'link', 'add', port, 'type', 'veth', 'peer', 'lan', 'netns', namespace);
      ip('-n', bridge, 'link', 'set', port, 'master', 'segment', 'up');
      ip('-n', namespace, 'link', 'set', 'lan', 'address', mac, 'up');
      ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'lan');
      return { namespace, mac };
    },
    addTap() {
      addBridge();
      taps += 1;
      const tap = `tap${taps}`;
      ip('-n', bridge, 'tuntap', 'add', 'dev', tap, 'mode', 'tap');
      ip('-n', bridge, 'link', 'set', tap, 'master', 'segment', 'up');
      return { namespace: bridge, tap };
    },
  };
}

/** Ends what is left of segments whose process was killed: everything in namespaces of that name is theirs. */
function sweepSegments(): void {
  const listed = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  for (const [name, owner = ''] of listed.matchAll(/^lkseg(\d+)-[\w-]+/gm)) {
    if (isAlive(Number(owner))) continue;
    const pids = execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' });
    for (const pid of pids.split('\n').filter(Boolean)) kill(Number(pid));
    ip('netns', 'delete', name);
  }
  for (const name of readdirSync(tmpdir())) {
    const [, owner = ''] = /^lkseg(\d+)-\d+-/.exec(name) ?? [];
    if (owner !== '' && !isAlive(Number(owner)))
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}

/** Resolves when a program writes a line like this on stderr; rejects when it ends before. */
function awaitLine(child: ChildProcess, pattern: RegExp): Promise<void> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (data) => {
      said += String(data);
      if (pattern.test(said)) resolve();
    });
    child.once('close', () => reject(new Error(`it ended: ${said}`)));
  });
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: 'pipe' });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(late);
}
