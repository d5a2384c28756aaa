import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/model/lab-error.ts';
import { openDeskRig } from '../../helpers/desk-rig.ts';
import { makeOrder, makeRequester } from '../../helpers/make-order.ts';

const network = { address: '10.1.0.107', netmask: '255.255.255.0', gateway: '', dns: '' };

describe('a reinstallation from the menu', () => {
  it('arms nothing where the PC is another one than is registered, and does not tell what is', async () => {
    const held: string[] = [];
    const { desk, store, reasons } = openDeskRig({
      holdHost: async ({ host }) => void held.push(host),
    });
    for (const other of [{ uuid: 'another' }, { uuid: '', serial: 'SN99' }]) {
      const answer = await desk.menuReinstall(makeRequester(other), network, '4711');
      expect(answer).toMatchObject({ kind: 'refused', status: 403 });
      expect(JSON.stringify(answer)).toContain('not the one that is registered as a07');
      expect(JSON.stringify(answer)).not.toMatch(/555555555507|SN07/);
    }
    expect([store.list('all'), held]).toEqual([[], []]);
    expect(reasons().join()).toContain('registered is "SN07"');
  });

  it('shows the code of a PC whose second factor nobody registered: a technician binds it', async () => {
    const { desk, load } = openDeskRig({
      openOrder: async () => makeOrder({ id: 'menu', uuid: '', serial: '' }),
    });
    const answer = await desk.menuReinstall(makeRequester(), network, '4711');
    expect(answer).toMatchObject({ kind: 'code' });
    expect(load('menu')?.tokenHash).toBe('');
  });

  it('is refused while a run holds the host, with who and since when', async () => {
    const message = 'a07 is locked by li@office since 2026-11-23T07:00:00.000Z (run r1, process 7)';
    const { desk, store } = openDeskRig({
      holdHost: () => Promise.reject(new LabError('refused', message)),
    });
    const answer = await desk.menuReinstall(makeRequester(), network, '4711');
    expect(answer).toEqual({ kind: 'refused', status: 403, message });
    expect(store.list('all')).toEqual([]);
  });

  it('holds the host before it is armed', async () => {
    const order: string[] = [];
    const { desk, store } = openDeskRig({
      holdHost: async ({ id }) => void order.push(`hold ${id}, ${store.list('all').length} armed`),
    });
    expect(await desk.menuReinstall(makeRequester(), network, '4711')).toMatchObject({
      kind: 'install',
    });
    expect(order).toEqual(['hold menu, 0 armed']);
  });
});
