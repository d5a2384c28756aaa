import type { Inventory, Room } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import type { RegistryAsk } from '../model/registration.ts';
import { type AskFields, makeAsk } from '../registry/ask.ts';
import { missingFields } from '../registry/plan-change.ts';
import { proposeNext } from '../registry/propose.ts';
import type { Context } from './context.ts';
import { loadInventory } from './load-hosts.ts';

/** A change with its host, as far as it is known. */
export interface AskedRegistration {
  readonly host: string;
  readonly fields: AskFields;
}

/** On a terminal, asks for what a registration needs and was not typed; the next free seat, name and address of the room are proposed. Elsewhere what was typed comes back, or LabError 'usage' for a missing host. */
export async function askRegistration(
  context: Context,
  verb: RegistryAsk['verb'],
  host: string | undefined,
  fields: AskFields,
): Promise<AskedRegistration> {
  if (!context.io.interactive) {
    if (host !== undefined) return { host, fields };
    throw new LabError('usage', 'no host is named', `lab registry ${verb} HOST --owner ...`);
  }
  const { inventory } = await loadInventory(context);
  const known = inventory.hosts.some(({ name }) => name === host);
  const placed = known || verb !== 'register' ? { host: host ?? '', fields } : undefined;
  return askOwner(verb, inventory, placed ?? (await askPlace(inventory, host, fields)));
}

/** Where a new host stands and what it is called. */
async function askPlace(
  inventory: Inventory,
  host: string | undefined,
  fields: AskFields,
): Promise<AskedRegistration> {
  const room = await askRoom(inventory, fields.room);
  const proposal = proposeNext(room, inventory.hosts);
  const seat = fields.seat ?? (await askText('Seat', proposal.seat));
  const name = host ?? (await askText('Name', proposal.name, true));
  if (inventory.hosts.some((other) => other.name === name))
    return { host: name, fields: { ...fields, room: room.name } };
  const ip = fields.ip ?? (await askText('IP address', proposal.ip, true, checkIp));
  return { host: name, fields: { ...fields, room: room.name, seat, ip } };
}

async function askRoom({ rooms }: Inventory, named: string | undefined): Promise<Room> {
  const found = rooms.find(({ name }) => name === named);
  if (found) return found;
  if (rooms.length === 0)
    throw new LabError('input', 'the inventory has no room', 'give a group a room variable first');
  const { select } = await import('@inquirer/prompts');
  return select(
    {
      message: 'Room',
      choices: rooms.map((room) => ({
        name: room.title === '' ? room.name : `${room.name} ${room.title}`,
        value: room,
      })),
    },
    { output: process.stderr },
  );
}

async function askOwner(
  verb: RegistryAsk['verb'],
  inventory: Inventory,
  { host, fields }: AskedRegistration,
): Promise<AskedRegistration> {
  const missing = missingFields(inventory, makeAsk(verb, host, fields)).map(({ flag }) => flag);
  const current = inventory.hosts.find(({ name }) => name === host);
  const asked: { -readonly [K in keyof AskFields]: AskFields[K] } = { ...fields };
  if (missing.includes('--mac')) asked.mac = await askText('MAC address', '', true, checkMac);
  if (missing.includes('--ip')) {
    const proposal = current?.room ? proposeNext(current.room, inventory.hosts).ip : '';
    asked.ip = await askText('IP address', proposal, true, checkIp);
  }
  if (missing.includes('--owner')) {
    asked.owner = await askText('Owner', '', true);
    asked.ownerId ??= await askText('Staff number', idOf(inventory, asked.owner), true);
    asked.department ??= await askText('Department', '');
    asked.phone ??= await askText('Telephone', '');
  } else if (missing.includes('--owner-id'))
    asked.ownerId = await askText('Staff number', idOf(inventory, fields.owner ?? ''), true);
  return { host, fields: asked };
}

/** The number of a person who is in the register already, if there is only one of that name. */
function idOf({ hosts }: Inventory, owner: string): string {
  const ids = new Set(hosts.filter((host) => host.owner.name === owner).map((h) => h.owner.id));
  const [only = ''] = ids;
  return ids.size === 1 ? only : '';
}

async function askText(
  message: string,
  proposal: string,
  required = false,
  check: (text: string) => void = () => undefined,
): Promise<string> {
  const { input } = await import('@inquirer/prompts');
  return input(
    {
      message,
      ...(proposal === '' ? {} : { default: proposal }),
      required,
      validate: (text) => judgeText(text, check),
    },
    { output: process.stderr },
  );
}

function judgeText(text: string, check: (text: string) => void): true | string {
  try {
    check(text);
    return true;
  } catch (error) {
    // The message names the flag, which nobody typed here.
    if (error instanceof LabError)
      return `${error.message.replace(/^--[a-z]+: /, '')}: ${error.hint}`;
    throw error;
  }
}

function checkMac(mac: string): void {
  makeAsk('register', '', { mac });
}

function checkIp(ip: string): void {
  makeAsk('register', '', { ip });
}
