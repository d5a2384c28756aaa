import type { BootRequester } from '../../model/boot.ts';
import type { Inventory } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import { openRows } from '../../registry/chain.ts';
import { planMenuRequest, proposeSeats, type SeatProposal } from '../../registry/menu-request.ts';
import { planChange } from '../../registry/plan-change.ts';
import { type OpenRequest, planRequest, selectOpen } from '../../registry/requests.ts';
import type { Ledger } from '../../store/ledger.ts';
import type { Context } from '../context.ts';
import { holdRegistry, openProjectLedger } from '../open-registry.ts';

const mostOpen = 500;

/** Files the application of a PC that nobody has registered among the pending requests; returns what its screen says. Holds the register for this one request only. Throws LabError. */
export async function fileMenuRequest(
  context: Context,
  requester: BootRequester,
  wish: { readonly room: string; readonly seat: string; readonly owner: string },
): Promise<string> {
  await using scope = openScope(context);
  const registry = await holdRegistry(scope);
  const { inventory } = registry.loaded;
  const open = loadOpen(registry.ledger, context.io.now());
  if (open.length >= mostOpen)
    throw new LabError('refused', 'too many requests are open', 'decide on them first');
  const { ask, reason } = planMenuRequest(inventory, open, {
    room: wish.room,
    seat: wish.seat,
    staffNumber: wish.owner,
    mac: requester.mac,
    address: requester.address,
    about: describe(requester),
  });
  const planned = planChange(inventory, ask);
  const [row] = await registry.save(
    [],
    [planRequest(planned, ask, { ...registry.occasion, who: 'boot menu' }, reason)],
  );
  return `Noted as request ${row?.seq}: ${ask.host}, seat ${ask.seat}. The technician decides (lab registry pending).`;
}

/** Rooms and seats for the menu of an unknown PC. Reads only; an inventory with errors proposes what could be read. */
export async function proposeMenuSeats(
  context: Context,
  inventory: Inventory,
  address: string,
): Promise<readonly SeatProposal[]> {
  await using scope = openScope(context);
  const { ledger } = await openProjectLedger(scope);
  return proposeSeats(inventory, loadOpen(ledger, context.io.now()), address);
}

function loadOpen(ledger: Ledger, now: number): OpenRequest[] {
  return selectOpen(openRows(ledger.loadByKind('request', 'approve', 'reject')), now);
}

function describe({ manufacturer, model, serial, uuid, mac }: BootRequester): string {
  const parts = [`${manufacturer} ${model}`.trim(), serial && `serial ${serial}`, uuid, mac];
  return parts
    .filter((part) => part !== '')
    .join(', ')
    .replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ');
}

function openScope(context: Context): Context {
  const stack = new AsyncDisposableStack();
  return {
    ...context,
    defer: (close) => stack.defer(close),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
