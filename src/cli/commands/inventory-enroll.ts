import type { Host, Inventory, Room } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import { parseMac } from '../../model/mac.ts';
import {
  type Enrolment,
  explainNames,
  leaveOut,
  type NewLook,
  openEnrolment,
} from '../../registry/enroll.ts';
import { reportEnrolment } from '../../report/enroll-report.ts';
import { sortBySeat } from '../../report/seat-order.ts';
import { observeNeighbours } from '../../store/observe.ts';
import type { Context } from '../context.ts';
import { type CommandOptions, defineCommand } from '../define-command.ts';
import { type EnrolEnd, enrollRoom } from '../enroll-room.ts';
import { emptySeat, fillSeat } from '../fill-seat.ts';
import { brokenInventory, loadInventory } from '../load-hosts.ts';
import { loadNamedFiles, readObserved } from '../load-sources.ts';
import { openKeys } from '../read-keys.ts';
import { readCount, readSeconds } from '../read-number.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'inventory enroll <room>',
  summary: 'Switch PCs on in seat order: each new MAC address takes the next free seat',
  description:
    'Free seats are the hosts of the room without a MAC address, in seat order. Each new PC is shown as it comes: Enter takes it, s skips it, u undoes the last, q ends. ' +
    'PCs that are on already are left out. It stops at a PC that is somebody’s already.',
  options: [
    [
      '--from <format:file>',
      'a lease file that is watched, such as dnsmasq-leases:/var/lib/misc/dnsmasq.leases; else the neighbour table',
    ],
    ['--new <count>', 'so many hosts may be added behind those that are listed', '0'],
    ['--names <pattern>', 'how new hosts are called, such as a{:02}'],
    ['--leave-out <macs>', 'addresses that are no PCs of this room, comma-separated'],
    ['--present', 'take PCs that are on already as well'],
    ['--once', 'look once, in the order of the leases, and end'],
    ['--wait <seconds>', 'end when no new PC came for so long', '3600'],
    ['--every <seconds>', 'look so often', '2'],
  ],
  families: ['inventory', 'output', 'confirm', 'project'],
  examples: [
    'inventory enroll lab_a',
    'inventory enroll lab_a --from dnsmasq-leases:/var/lib/misc/dnsmasq.leases',
    "inventory enroll lab_c --new 30 --names 'c{:02}' --yes",
  ],
  async run(context, [roomName], options) {
    const { io, flags, settings } = context;
    const startedAt = new Date(io.now()).toISOString();
    const { inventory, problems } = await loadInventory(context);
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw brokenInventory(errors);
    const room = findRoom(inventory, String(roomName));
    const isAsked = io.interactive && flags.yes !== true;
    if (!isAsked && flags.yes !== true)
      throw new LabError(
        'usage',
        'nobody can be asked here',
        'write --yes to take PCs as they come',
      );
    const look = watch(context, options);
    const beginning = await begin(room, inventory, options, look);
    const end = await runRound(context, beginning, options, look, isAsked);
    const report = { room: room.name, outcome: end.outcome, ...partsOf(end.state) };
    const at = new Date(io.now()).toISOString();
    await showReport(context, reportEnrolment(report, { startedAt, at }, settings.lang));
    if (end.error) throw end.error;
    return end.outcome === 'cancelled' ? 130 : end.outcome === 'waited' ? 4 : 0;
  },
});

function findRoom({ rooms }: Inventory, name: string): Room {
  const found = rooms.find((room) => room.name === name || room.title === name);
  if (found) return found;
  const known = rooms.map((room) => room.name).join(', ') || 'none';
  throw new LabError('usage', `${name} is no room`, `rooms are ${known}`);
}

/** What is free, without what is on the network already. */
async function begin(
  room: Room,
  { hosts }: Inventory,
  options: CommandOptions,
  look: () => Promise<readonly NewLook[]>,
): Promise<Enrolment> {
  const names = typeof options['names'] === 'string' ? options['names'] : '';
  const wrong = names === '' ? '' : explainNames(names);
  if (wrong !== '')
    throw new LabError('usage', `--names ${names}: ${wrong}`, 'write --names a{:02}');
  const wanted = String(options['new']);
  const newHosts = wanted === '0' ? 0 : readCount('--new', wanted, 0);
  const state = openEnrolment({ room, hosts: inSeatOrder(hosts), newHosts, names });
  if (state.free.length === 0)
    throw new LabError(
      'usage',
      `no seat of ${room.name} is free: every host has a MAC address`,
      'allow new hosts with --new COUNT',
    );
  const listed = readMacs(options['leaveOut']);
  const isFresh = options['once'] !== true && options['present'] !== true;
  return leaveOut(state, [...listed, ...(isFresh ? await look() : [])]);
}

function inSeatOrder(hosts: readonly Host[]): Host[] {
  return sortBySeat(
    hosts.map((host) => ({
      host: host.name,
      room: host.room?.name ?? '',
      seat: host.seat,
      whole: host,
    })),
  ).map(({ whole }) => whole);
}

function readMacs(written: CommandOptions[string]): NewLook[] {
  const texts = typeof written === 'string' ? written.split(',') : [];
  return texts.map((text) => {
    const parsed = parseMac(text);
    if ('problem' in parsed)
      throw new LabError('usage', `--leave-out: ${parsed.problem}`, parsed.hint);
    return { mac: parsed.mac, ip: '', at: undefined };
  });
}

/** Looks at the cards that are on the network now. A lease file that is just being written is looked at again the next time. */
function watch(context: Context, options: CommandOptions): () => Promise<readonly NewLook[]> {
  let last: readonly NewLook[] | undefined;
  return async () => {
    try {
      last = await observe(context, options);
    } catch (error) {
      if (last === undefined || !(error instanceof LabError) || error.kind !== 'input') throw error;
    }
    return last;
  };
}

async function observe(context: Context, { from }: CommandOptions): Promise<NewLook[]> {
  const sources =
    typeof from === 'string'
      ? await loadNamedFiles(context, '--from', [from])
      : [await observeNeighbours(context.io)];
  const observed = await readObserved(context, sources, true);
  const rows = observed.flatMap((source) => source.rows);
  return rows.flatMap(({ fields, seenAt, expiresAt }) => {
    const parsed = parseMac(fields.mac?.text ?? '');
    const at = Date.parse(seenAt ?? expiresAt ?? '');
    if ('problem' in parsed) return [];
    return [{ mac: parsed.mac, ip: fields.ip?.text ?? '', at: Number.isNaN(at) ? undefined : at }];
  });
}

async function runRound(
  context: Context,
  beginning: Enrolment,
  options: CommandOptions,
  look: () => Promise<readonly NewLook[]>,
  isAsked: boolean,
): Promise<EnrolEnd> {
  const { io } = context;
  const cancel = new AbortController();
  const stopListening = io.onInterrupt(() => cancel.abort());
  const keys = isAsked ? openKeys(process.stdin) : undefined;
  try {
    return await enrollRoom(beginning, {
      ...{ look, keys, now: io.now, once: options['once'] === true, signal: cancel.signal },
      fill: (seat, mac) => fillSeat(context, beginning.room.name, seat, mac),
      empty: (seat, mac) => emptySeat(context, seat, mac),
      say: (line) => io.stderr.write(`${line}\n`),
      intervalMs: readSeconds('--every', String(options['every'])) ?? 2000,
      waitMs: readSeconds('--wait', String(options['wait'])) ?? 3_600_000,
    });
  } finally {
    keys?.[Symbol.dispose]();
    stopListening();
  }
}

function partsOf({ filled, free, passed }: Enrolment) {
  return {
    seats: filled.map(({ seat, look }) => ({ ...seat, mac: look.mac })),
    free: free.map(({ host }) => host),
    passed: [...passed].map(([mac, reason]) => ({ mac, reason })),
  };
}
