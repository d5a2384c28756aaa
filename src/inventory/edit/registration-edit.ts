import type { HostStatus } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { Located } from '../../model/located.ts';
import { parseMac } from '../../model/mac.ts';
import type { Registration } from '../../model/registration.ts';
import { type Changes, type Parse, planEdit, planEdits } from '../edit.ts';
import type { Assignment, InventoryFile, RawHost, RawInventory } from '../raw.ts';

/** What a host is to say of its owner and addresses. */
export interface RegistrationEdit {
  readonly before: Registration;
  readonly after: Registration;
  /** '' where it stays. */
  readonly status: HostStatus | '';
}

/** A file with its text as it was read and as it is to be. */
export interface EditedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Writes a registration into the files of an inventory: each value where the host has its own, else where the host is written. What is freed goes out, with its line; an owner that the group would give back is set to "" instead. Throws what `planEdit` throws. */
export function planRegistrationEdit(
  raw: RawInventory,
  edit: RegistrationEdit,
  parse: Parse,
): EditedFile[] {
  const host = raw.hosts.get(edit.after.host);
  if (!host) throw new Error(`${edit.after.host} is not in the inventory`);
  const steps = new Map<string, Map<string, string | null>[]>();
  for (const step of stepsOf(raw, host, edit)) {
    const path = ownOf(host, step.variable)?.node.source.file ?? host.mentions[0]?.at.file ?? '';
    // What goes out and what is put in may meet at the end of the host's lines.
    const ofFile = steps.get(path) ?? [new Map(), new Map()];
    steps.set(path, ofFile);
    for (const [key, text] of step.changes) ofFile[text === null ? 0 : 1]?.set(key, text);
  }
  return [...steps].map(([path, changes]) => editFile(raw, path, host.name, changes, parse));
}

/** Changes of one variable, in order: one may be taken out and put in again in another form. */
interface VariableStep {
  readonly variable: string;
  readonly changes: readonly (readonly [key: string, text: string | null])[];
}

function stepsOf(
  raw: RawInventory,
  host: RawHost,
  { before, after, status }: RegistrationEdit,
): VariableStep[] {
  const steps: VariableStep[] = [];
  const set = (variable: string, key: string, text: string): void => {
    const value = text === '' ? null : text;
    if (value !== null || ownOf(host, variable)) steps.push({ variable, changes: [[key, value]] });
  };
  if (JSON.stringify(before.owner) !== JSON.stringify(after.owner))
    steps.push(...ownerSteps(raw, host, after));
  if (before.ip !== after.ip) set('ip', 'ip', after.ip);
  if (before.seat !== after.seat) set('seat', 'seat', after.seat);
  const mac = primaryOf(after);
  if (primaryOf(before) !== mac || before.macs.length !== after.macs.length)
    set('mac', mac === '' ? 'mac' : macKey(host, primaryOf(before)), mac);
  if (status !== '') set('status', 'status', status);
  return steps;
}

function primaryOf({ macs }: Registration): string {
  return macs.find(({ primary }) => primary)?.addr ?? '';
}

/** The value a host has for itself, if that is the one in effect. */
function ownOf(host: RawHost, variable: string): Assignment | undefined {
  const effective = host.effective.get(variable);
  return effective?.scope.kind === 'host' ? effective : undefined;
}

/** In a list of addresses, the entry of the primary one. */
function macKey(host: RawHost, primary: string): string {
  const node = ownOf(host, 'mac')?.node;
  if (node?.kind !== 'list') return 'mac';
  const index = node.items.findIndex((item) => macOf(item) === primary);
  return node.items[index]?.kind === 'map' ? `mac.${index}.addr` : `mac.${index}`;
}

function macOf(item: Located): string {
  const text =
    item.kind === 'map' ? item.entries.find(({ key }) => key.text === 'addr')?.value : item;
  const parsed = text?.kind === 'scalar' ? parseMac(text.text) : undefined;
  return parsed && 'mac' in parsed ? parsed.mac : '';
}

/** An owner is written as a mapping; one that stood there as a single text makes place for it first. */
function ownerSteps(raw: RawInventory, host: RawHost, { owner }: Registration): VariableStep[] {
  const node = ownOf(host, 'owner')?.node;
  const fields = Object.entries(owner);
  const clear = node ? [['owner', null] as const] : [];
  if (fields.every(([, text]) => text === '')) {
    const hide = hasFromGroup(raw, host, 'owner') ? [['owner', ''] as const] : [];
    return [{ variable: 'owner', changes: [...clear, ...hide] }];
  }
  const written = node?.kind === 'map' ? node.entries.map(({ key }) => key.text) : [];
  const kept = fields
    .filter(([name, text]) => text !== '' || written.includes(name))
    .map(([name, text]) => [`owner.${name}`, text === '' ? null : text] as const);
  return [{ variable: 'owner', changes: node?.kind === 'map' ? kept : [...clear, ...kept] }];
}

function hasFromGroup(raw: RawInventory, host: RawHost, variable: string): boolean {
  return [...host.groups, 'all'].some((name) => raw.groups.get(name)?.effective.has(variable));
}

/** Writes a host that is new at the end of its room. Throws LabError 'refused' where no file has the room in a form that a host can be added to. */
export function planNewHost(raw: RawInventory, after: Registration, parse: Parse): EditedFile[] {
  const { host, room, seat, ip, owner } = after;
  const values = new Map(
    [
      ['mac', primaryOf(after)],
      ['ip', ip],
      ['seat', seat],
      ...Object.entries(owner).map(([name, text]) => [`owner.${name}`, text]),
    ].filter((pair): pair is [string, string] => pair[1] !== ''),
  );
  const paths = new Set((raw.groups.get(room)?.mentions ?? []).map(({ at }) => at.file));
  let refusal: LabError | undefined;
  for (const path of paths) {
    const file = raw.files.find((each) => each.path === path);
    if (!file?.root) continue;
    const added = [{ name: host, group: room, values }];
    const { text, refused } = planEdits(file, { changes: new Map(), added }, parse);
    refusal ??= refused.get(host);
    if (!refused.has(host)) return [{ path, before: file.text, after: text }];
  }
  throw (
    refusal ??
    new LabError(
      'refused',
      `${room} is in no YAML file that a host can be added to`,
      `write ${host} into the inventory yourself, then register it`,
    )
  );
}

/** Each step is made in the text that the one before leaves. */
function editFile(
  raw: RawInventory,
  path: string,
  host: string,
  steps: readonly Changes[],
  parse: Parse,
): EditedFile {
  const file = raw.files.find((each) => each.path === path);
  if (!file)
    throw new LabError(
      'refused',
      `${path} is not a file of the inventory that can be edited`,
      'make this change in an editor',
    );
  let current: InventoryFile = file;
  for (const changes of steps.filter(({ size }) => size > 0)) {
    let parsed: Located | undefined;
    const keep: Parse = (text, name) => {
      const result = parse(text, name);
      parsed = result.root;
      return result;
    };
    const { text } = planEdit(current, host, changes, keep);
    const { root: _, ...rest } = current;
    current = parsed === undefined ? { ...rest, text } : { ...rest, text, root: parsed };
  }
  return { path, before: file.text, after: current.text };
}
