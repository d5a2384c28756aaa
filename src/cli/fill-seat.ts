import { planNewHost, planRegistrationEdit } from '../inventory/edit/registration-edit.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import type { Registration } from '../model/registration.ts';
import { findConflicts } from '../registry/conflicts.ts';
import type { FreeSeat } from '../registry/enroll.ts';
import { makeEntry } from '../registry/reconcile.ts';
import { nobody, registrationOf } from '../registry/registration.ts';
import { parseYaml } from '../store/yaml.ts';
import type { Context } from './context.ts';
import { type HeldRegistry, holdRegistry } from './open-registry.ts';

/** Writes the PC of a seat into the inventory and a row into the ledger, or neither; others may change the register between two seats. Throws LabError 'refused' when the seat or an address was taken meanwhile. */
export async function fillSeat(
  context: Context,
  room: string,
  { host: name, seat, ip }: FreeSeat,
  mac: string,
): Promise<void> {
  await using scope = openScope(context);
  const registry = await holdRegistry(scope);
  const { hosts } = registry.loaded.inventory;
  const host = hosts.find((each) => each.name === name);
  if (host && host.macs.length > 0)
    throw new LabError(
      'refused',
      `${name} was given ${host.mac} meanwhile`,
      'begin again: lab inventory enroll',
    );
  const known: Registration = host
    ? registrationOf(host)
    : { host: name, room, seat, ip, macs: [], owner: nobody };
  const after: Registration = {
    ...known,
    ip: known.ip === '' ? ip : known.ip,
    macs: [{ addr: mac, role: 'wired', primary: true }],
  };
  refuseTaken(hosts, after);
  await save(registry, host, after, 'enrolled');
}

/** Takes the PC of a seat out again; an address that was there before stays. */
export async function emptySeat(
  context: Context,
  { host: name }: FreeSeat,
  mac: string,
): Promise<void> {
  await using scope = openScope(context);
  const registry = await holdRegistry(scope);
  const host = registry.loaded.inventory.hosts.find((each) => each.name === name);
  if (host?.mac !== mac)
    throw new LabError('refused', `${name} no longer has ${mac}`, 'look with lab inventory show');
  await save(registry, host, { ...registrationOf(host), macs: [] }, 'enrolment undone');
}

async function save(
  registry: HeldRegistry,
  host: Host | undefined,
  after: Registration,
  reason: string,
): Promise<void> {
  const { raw } = registry.loaded;
  const before = host ? registrationOf(host) : null;
  const files = before
    ? planRegistrationEdit(raw, { before, after, status: '' }, parseYaml)
    : planNewHost(raw, after, parseYaml);
  const entry = { host: after.host, before, after, reason };
  await registry.save(files, [makeEntry(registry.occasion, 'register', entry)]);
}

/** Who answers for the PC is no question here: a room's PCs are enrolled before their owners are. */
function refuseTaken(hosts: readonly Host[], after: Registration): void {
  const problems = findConflicts(hosts, after).filter(({ rule }) =>
    ['mac-taken', 'ip-taken'].includes(rule),
  );
  if (problems.length > 0)
    throw new LabError('refused', `${after.host} was not enrolled`, '', { problems });
}

/** The register is held for one seat only, so that nobody waits for a whole room. */
function openScope(context: Context): Context {
  const stack = new AsyncDisposableStack();
  return {
    ...context,
    defer: (close) => stack.defer(close),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
