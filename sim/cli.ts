/** The command line of the simulated room: `node sim/cli.ts up|down|exec|shell|status|fault|clear|base`. */
import { parseArgs } from 'node:util';
import { exitCodes, LabError } from '../src/model/lab-error.ts';
import { openBase } from './base.ts';
import { requireRoomTools } from './missing.ts';
import { attachSim, openSim } from './open-sim.ts';
import { runRoot } from './run-folder.ts';
import { type Account, type Fault, faultNames, type RoomWish } from './types.ts';

const usage = `usage: node sim/cli.ts COMMAND [--folder F]
  up [--rooms N] [--pcs N] [--fault HOST=FAULT]... [--user root|tech|labadmin] [--keep]
                       raise rooms a, b, ... ; without --keep they end with this command (Ctrl-C)
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

function parseCommandLine(argv: readonly string[]) {
  const end = argv.indexOf('--');
  const { values, positionals } = parseArgs({
    args: [...(end === -1 ? argv : argv.slice(0, end))],
    allowPositionals: true,
    options: {
      folder: { type: 'string', default: `${runRoot}/demo` },
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

async function up({ values }: Line): Promise<number> {
  const rooms: RoomWish[] = Array.from({ length: Number(values.rooms) }, (_, index) => ({
    name: String.fromCharCode(97 + index),
    pcs: Number(values.pcs),
  }));
  const faults = Object.fromEntries(values.fault.map(parseFault));
  const started = performance.now();
  const { folder, keep } = values;
  const sim = await openSim({ rooms, faults, folder, keep, user: values.user as Account }, say);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`${sim.pcs.length} PCs up in ${seconds} s; inventory: ${sim.inventoryPath}`);
  if (keep) return 0;
  say('Ctrl-C ends them');
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await sim.close();
  return 0;
}

async function base(): Promise<number> {
  requireRoomTools();
  console.log(await openBase(say));
  return 0;
}

function status({ values }: Line): number {
  const sim = attachSim(values.folder);
  const faults = sim.knownFaults();
  console.log(
    `folder     ${sim.folder}\ninventory  ${sim.inventoryPath}\nsupervisor ${sim.supervisorPid}`,
  );
  for (const pc of sim.pcs)
    console.log(`${pc.name}  ${pc.ip}  ${pc.mac}  ${faults[pc.name] ?? 'healthy'}`);
  return 0;
}

const inNetwork = async ({ values }: Line, argv: readonly string[]) => {
  const sim = attachSim(values.folder);
  const env = { LAB_INVENTORY: sim.inventoryPath };
  return (await sim.exec(argv, { stdio: 'inherit', env })).exitCode;
};

const commands: Record<string, (line: Line) => number | Promise<number>> = {
  up,
  base,
  status,
  exec: (line) => inNetwork(line, line.rest),
  shell: (line) => inNetwork(line, [process.env['SHELL'] ?? '/bin/sh']),
  enter: async ({ values, positionals, rest }) => {
    const argv = rest.length > 0 ? rest : ['/bin/bash', '-l'];
    return (await attachSim(values.folder).inside(positionals[1] ?? '', argv, { stdio: 'inherit' }))
      .exitCode;
  },
  fault: async ({ values, positionals }) => {
    const [host, fault] = parseFault(`${positionals[1]}=${positionals[2]}`);
    await attachSim(values.folder).setFault(host, fault);
    return 0;
  },
  clear: async ({ values, positionals }) => {
    await attachSim(values.folder).clearFault(positionals[1] ?? '');
    return 0;
  },
  down: async ({ values }) => {
    await attachSim(values.folder).close();
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
