/** The command line of the simulated room: `node sim/cli.ts up|down|exec|shell|status|fault|clear|base`. */
import { cpSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodes, LabError } from '../src/model/lab-error.ts';
import { openBase } from './base.ts';
import { requireRoomTools } from './missing.ts';
import { attachSim, openSim } from './open-sim.ts';
import { runRoot } from './run-folder.ts';
import {
  type Account,
  accounts,
  type Fault,
  faultNames,
  type RoomWish,
  type Sim,
} from './types.ts';

const usage = `usage: node sim/cli.ts COMMAND [--folder F]
  up [--rooms N] [--pcs N] [--fault HOST=FAULT]... [--user root|tech|labadmin] [--project DIR]... [--keep] [-- COMMAND...]
                       raise rooms a, b, ... and run COMMAND in their network and run folder (DIRs are copied there);
                       without --keep they end with COMMAND, or with this one (Ctrl-C)
  status               what is up, and which faults are in force
  exec -- COMMAND...   run a program in the controller's network
  shell                a shell there
  enter HOST [-- COMMAND...]   a root shell inside a PC
  fault HOST FAULT     make a fault     clear HOST    take it back
  down                 end the rooms
  base                 build the base system and say where it is
faults: ${faultNames.join(' ')}
`;

const say = (line: string) => process.stderr.write(`${line}\n`);

function parseFault(text: string): [host: string, fault: Fault] {
  const [host = '', name = ''] = text.split('=');
  const fault = faultNames.find((known) => known === name);
  if (fault === undefined)
    throw new LabError(
      'usage',
      `"${text}" is no fault`,
      `write HOST=FAULT with one of: ${faultNames.join(' ')}`,
    );
  return [host, fault];
}

function parseAccount(text: string): Account {
  const account = accounts.find((known) => known === text);
  if (account === undefined)
    throw new LabError('usage', `no account ${text}`, `write one of: ${accounts.join(' ')}`);
  return account;
}

function parseCommandLine(argv: readonly string[]) {
  const end = argv.indexOf('--');
  const { values, positionals } = parseArgs({
    args: [...(end === -1 ? argv : argv.slice(0, end))],
    allowPositionals: true,
    options: {
      folder: { type: 'string' },
      project: { type: 'string', multiple: true, default: [] },
      rooms: { type: 'string', default: '2' },
      pcs: { type: 'string', default: '12' },
      fault: { type: 'string', multiple: true, default: [] },
      user: { type: 'string', default: 'root' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return { values, positionals, rest: end === -1 ? [] : argv.slice(end + 1) };
}
type Line = ReturnType<typeof parseCommandLine>;

const keptFolder = ({ values }: Line) => values.folder ?? `${runRoot}/demo`;

/** Runs what the rooms were raised for, or waits for the one who raised them. */
async function useRoom(sim: Sim, { values, rest }: Line): Promise<number> {
  if (rest.length > 0) {
    // Ctrl-C is for the command; the rooms end after it.
    process.on('SIGINT', () => undefined);
    return (await sim.exec(rest, { stdio: 'inherit', cwd: sim.folder })).exitCode;
  }
  if (values.keep) return 0;
  say('Ctrl-C ends them');
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  return 0;
}

async function up(line: Line): Promise<number> {
  const { keep, project, fault, user, ...wished } = line.values;
  const rooms: RoomWish[] = Array.from({ length: Number(wished.rooms) }, (_, index) => ({
    name: String.fromCharCode(97 + index),
    pcs: Number(wished.pcs),
  }));
  const folder = keep ? keptFolder(line) : wished.folder;
  const options = {
    rooms,
    faults: Object.fromEntries(fault.map(parseFault)),
    keep,
    user: parseAccount(user),
  };
  const started = performance.now();
  const sim = await openSim({ ...options, ...(folder === undefined ? {} : { folder }) }, say);
  say(
    `${sim.pcs.length} PCs up in ${((performance.now() - started) / 1000).toFixed(1)} s; inventory: ${sim.inventoryPath}`,
  );
  for (const [host, name] of Object.entries(sim.knownFaults())) say(`  ${host} is made ${name}`);
  try {
    for (const path of project)
      cpSync(path, `${sim.folder}/${basename(path)}`, { recursive: true });
    return await useRoom(sim, line);
  } finally {
    if (keep) say('the rooms stay up; play: sudo bin/demo shell   end them: sudo bin/demo down');
    else await sim.close();
  }
}

async function base(): Promise<number> {
  requireRoomTools();
  console.log(await openBase(say));
  return 0;
}

function status(line: Line): number {
  const sim = attachSim(keptFolder(line));
  const faults = sim.knownFaults();
  console.log(
    `folder     ${sim.folder}\ninventory  ${sim.inventoryPath}\nsupervisor ${sim.supervisorPid}`,
  );
  for (const pc of sim.pcs)
    console.log(`${pc.name}  ${pc.ip}  ${pc.mac}  ${faults[pc.name] ?? 'healthy'}`);
  return 0;
}

const attach = (line: Line) => attachSim(keptFolder(line));

const commands: Record<string, (line: Line) => number | Promise<number>> = {
  up,
  base,
  status,
  exec: async (line) => (await attach(line).exec(line.rest, { stdio: 'inherit' })).exitCode,
  shell: async (line) => {
    const sim = attach(line);
    const shell = process.env['SHELL'] ?? '/bin/sh';
    return (await sim.exec([shell], { stdio: 'inherit', cwd: sim.folder })).exitCode;
  },
  enter: async (line) => {
    const argv = line.rest.length > 0 ? line.rest : ['/bin/bash', '-l'];
    const host = line.positionals[1] ?? '';
    return (await attach(line).inside(host, argv, { stdio: 'inherit' })).exitCode;
  },
  fault: async (line) => {
    const [host, fault] = parseFault(`${line.positionals[1]}=${line.positionals[2]}`);
    await attach(line).setFault(host, fault);
    return 0;
  },
  clear: async (line) => {
    await attach(line).clearFault(line.positionals[1] ?? '');
    return 0;
  },
  down: async (line) => {
    await attach(line).close();
    return 0;
  },
};

async function main(): Promise<number> {
  const line = parseCommandLine(process.argv.slice(2));
  const command = commands[line.positionals[0] ?? ''];
  if (line.values.help) process.stdout.write(usage);
  if (command === undefined || line.values.help) {
    if (!line.values.help) process.stderr.write(usage);
    return line.values.help ? 0 : exitCodes.usage;
  }
  return command(line);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  say(`error  ${error.message}`);
  if (error.hint !== '') say(` hint  ${error.hint}`);
  process.exitCode = exitCodes[error.kind];
}
