/** One machine: its files, its process, its console and its monitor. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { runProgram } from '../run-program.ts';
import { openConsoleText } from './console-text.ts';
import { qemuArguments, uefiFirmware, type VmFiles } from './qemu-arguments.ts';
import type { Vm, VmWish } from './types.ts';
import { openVendorRom } from './vendor-rom.ts';

/** Where a machine is put. */
export interface VmPlace {
  readonly folder: string;
  /** The namespace that has its tap. */
  readonly namespace: string;
  readonly tap: string;
}

/** Makes its disk; it is off. Dispose of it with `close`. */
export async function openVm(
  wish: VmWish,
  place: VmPlace,
): Promise<Vm & { close(): Promise<void> }> {
  const files = await makeFiles(wish, place);
  const screen = openConsoleText();
  let power: Power | undefined;
  const isOn = () =>
    power !== undefined && power.child.exitCode === null && power.child.signalCode === null;
  const vm: Vm = {
    wish,
    disk: files.disk,
    console: screen.text,
    isOn,
    awaitConsole: (pattern, timeoutMs, from = 0) =>
      awaitText(
        () => screen.text().slice(from),
        pattern,
        timeoutMs,
        () => (isOn() ? '' : (power?.said() ?? 'it is off')),
      ),
    type: (text) => power?.console.write(text),
    async powerOn() {
      if (isOn()) return;
      power = await start(wish, files, place.namespace, screen.take);
    },
    async powerOff() {
      if (isOn() && power) await stop(power);
    },
    reset: async () => {
      if (power) await ask(files.monitor, 'system_reset');
    },
    async countWrittenBytes() {
      const said = await ask(files.monitor, 'query-blockstats');
      const answer = said.split('\n').findLast((line) => line.startsWith('{"return"')) ?? '';
      const { return: disks }: { return: BlockStats[] } = JSON.parse(answer);
      const disk = disks.find(({ device }) => device === 'disk');
      if (!disk) throw new Error(`no counters of its disk: ${answer}`);
      return disk.stats.wr_bytes;
    },
    async awaitOff(timeoutMs) {
      const end = Date.now() + timeoutMs;
      while (isOn()) {
        if (Date.now() > end)
          throw new Error(`${wish.name} is still on: ${lastLines(screen.text())}`);
        await wait(100);
      }
    },
  };
  return { ...vm, close: vm.powerOff };
}

async function makeFiles(wish: VmWish, { folder: parent, tap }: VmPlace): Promise<VmFiles> {
  const folder = `${parent}/${wish.name}`;
  mkdirSync(folder, { recursive: true });
  const files: VmFiles = {
    disk: `${folder}/disk.qcow2`,
    firmwareVars: `${folder}/vars.fd`,
    console: `${folder}/console`,
    monitor: `${folder}/monitor`,
    pid: `${folder}/pid`,
    filter: wish.kind === 'bios' ? `${folder}/filter` : '',
    tap,
  };
  if (wish.kind === 'uefi' || wish.kind === 'secureboot')
    copyFileSync(uefiFirmware[wish.kind].vars, files.firmwareVars);
  if (wish.diskGiB > 0) {
    const made = await runProgram([
      'qemu-img',
      'create',
      '-q',
      '-f',
      'qcow2',
      files.disk,
      `${wish.diskGiB}G`,
    ]);
    if (made.exitCode !== 0) throw new Error(`qemu-img: ${made.stderr}`);
  }
  return files;
}

/** One of the answers to `query-blockstats` (QEMU QMP reference). */
interface BlockStats {
  readonly device?: string;
  readonly stats: { readonly wr_bytes: number };
}

interface Power {
  readonly child: ChildProcess;
  readonly console: Socket;
  said(): string;
}

async function start(
  wish: VmWish,
  files: VmFiles,
  namespace: string,
  take: (piece: string) => void,
): Promise<Power> {
  for (const path of [files.console, files.monitor, `${files.filter}.out`, `${files.filter}.back`])
    rmSync(path, { force: true });
  const program = 'qemu-system-x86_64';
  const args = ['netns', 'exec', namespace, program, ...qemuArguments(wish, files)];
  const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data) => {
      said += String(data);
    });
  const vendorRom = files.filter === '' ? undefined : openVendorRom(files.filter);
  const console = await connect(files.console, () => said, child);
  await vendorRom;
  console.setEncoding('latin1');
  console.on('data', (piece) => take(String(piece)));
  return { child, console, said: () => said || `it ended with exit code ${child.exitCode}` };
}

async function stop({ child }: Power): Promise<void> {
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

/** QEMU makes its sockets a moment after it was started. */
async function connect(path: string, said: () => string, child: ChildProcess): Promise<Socket> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`QEMU ended: ${said()}`);
    if (existsSync(path)) {
      const socket = createConnection(path);
      const outcome = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]);
      if (outcome) {
        socket.on('error', () => undefined);
        return socket;
      }
    }
    await wait(50);
  }
  throw new Error(`QEMU does not listen on ${path}: ${said()}`);
}

/** One command of the QEMU Machine Protocol, which wants its capabilities asked for first; all that was said. */
async function ask(path: string, execute: string): Promise<string> {
  const socket = createConnection(path);
  socket.setEncoding('utf8');
  let said = '';
  socket.on('data', (piece) => {
    said += String(piece);
  });
  try {
    for (const command of ['qmp_capabilities', execute]) {
      const before = said.split('"return"').length;
      socket.write(`${JSON.stringify({ execute: command })}\n`);
      await awaitText(
        () => said,
        new RegExp(`(?:"return"[^\\n]*\\n[^]*?){${before}}`),
        10_000,
        () => '',
      );
    }
    return said;
  } finally {
    socket.destroy();
  }
}

/** Polls a text for a pattern. */
async function awaitText(
  text: () => string,
  pattern: RegExp,
  timeoutMs: number,
  ended: () => string,
): Promise<RegExpExecArray> {
  for (const end = Date.now() + timeoutMs; ; await wait(50)) {
    const why = ended();
    const found = pattern.exec(text());
    if (found) return found;
    if (why !== '') throw new Error(`${pattern} did not come; ${why}; ${lastLines(text())}`);
    if (Date.now() > end)
      throw new Error(`${pattern} did not come in ${timeoutMs} ms; ${lastLines(text())}`);
  }
}

function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return `the console ended with:\n${lines.slice(-25).join('\n')}`;
}
