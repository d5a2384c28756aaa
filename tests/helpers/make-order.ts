import type { BootOrder, BootRequester } from '../../src/model/boot.ts';

/** When orders of tests are made: 2026-11-23T08:00:00Z. */
export const armedAt = Date.UTC(2026, 10, 23, 8);

/** An order for a07, good for an hour. */
export function makeOrder(order: Partial<BootOrder> = {}): BootOrder {
  return {
    id: 'arming-1',
    run: 'run-1',
    host: 'a07',
    macs: ['52:54:00:00:00:07'],
    uuid: '11111111-2222-3333-4444-555555555507',
    serial: 'SN07',
    profile: 'debian-12',
    profileDigest: 'd'.repeat(64),
    disk: { by: 'only' },
    armedAt,
    expiresAt: armedAt + 3_600_000,
    ...order,
  };
}

/** The PC that `makeOrder` is about, as its firmware describes it. */
export function makeRequester(requester: Partial<BootRequester> = {}): BootRequester {
  return {
    mac: '52:54:00:00:00:07',
    uuid: '11111111-2222-3333-4444-555555555507',
    serial: 'SN07',
    manufacturer: 'QEMU',
    model: 'Standard PC',
    firmware: 'bios',
    secureBoot: false,
    address: '10.1.0.107',
    ...requester,
  };
}
