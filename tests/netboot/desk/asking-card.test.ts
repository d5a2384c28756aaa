import { describe, expect, it } from 'vitest';
import { openDeskRig } from '../../helpers/desk-rig.ts';
import { makeRequester } from '../../helpers/make-order.ts';

const foreign = '52:54:00:00:00:66';
const elsewhere = '10.1.0.66';
const network = { address: elsewhere, netmask: '255.255.255.0', gateway: '', dns: '' };

/** Somebody at another network card who knows all that is registered of a07. */
const stranger = makeRequester({ address: elsewhere });
const guesser = makeRequester({ address: elsewhere, uuid: 'another', serial: 'another' });

describe('a request that names a host, from a network card that is not one of its cards', () => {
  it('is handed no installation, and changes nothing of the armed boot', async () => {
    const { desk, neighbours, arm, load, reasons } = openDeskRig();
    arm();
    neighbours.set(elsewhere, foreign);
    const before = load();
    expect(await desk.script(stranger, network)).toMatchObject({ kind: 'local', menu: false });
    expect(await desk.identify(stranger)).toMatchObject({ status: 403 });
    expect(load()).toBe(before);
    const said = `the request came from the network card ${foreign}, which is not one of a07`;
    expect(reasons()).toEqual([`script: ${said}`, `identify: ${said}`]);
  });

  it('cannot end an armed boot by another UUID or by a restart that never was', async () => {
    const { desk, neighbours, arm, load } = openDeskRig();
    arm();
    neighbours.set(elsewhere, foreign);
    await desk.script(guesser, network);
    await desk.identify(guesser);
    expect(load()?.state).toBe('armed');
    const pc = makeRequester();
    const answer = await desk.script(pc, network);
    const token = answer.kind === 'install' ? answer.token : '';
    expect(await desk.job(token, 'n'.repeat(32), pc)).toMatchObject({ kind: 'job' });
    await desk.script(stranger, network);
    await desk.identify(stranger);
    expect(load()?.state).toBe('booting');
  });

  it('arms nothing from the menu, whatever PIN it brings, and uses up no try', async () => {
    let tries = 0;
    const checkPin = async () => {
      tries += 1;
      return '';
    };
    const { desk, neighbours, store, reasons } = openDeskRig({ checkPin });
    neighbours.set(elsewhere, foreign);
    expect(await desk.menuReinstall(stranger, network, '4711')).toMatchObject({ status: 403 });
    expect([store.list('all'), tries]).toEqual([[], 0]);
    expect(reasons()).toEqual([
      `reinstall from the menu: the request came from the network card ${foreign}, which is not one of a07`,
    ]);
  });

  it('does not count as a sign of the host: no stage is noted', async () => {
    const { desk, neighbours, arm, load } = openDeskRig();
    arm();
    neighbours.set(elsewhere, foreign);
    const before = load();
    await desk.greet(stranger.mac, elsewhere);
    expect(load()).toBe(before);
  });

  it('is the same PC where the card is another one of the host', async () => {
    const second = '52:54:00:00:01:07';
    const { desk, neighbours, arm } = openDeskRig();
    arm({ macs: ['52:54:00:00:00:07', second] });
    neighbours.set('10.1.0.107', second);
    expect(await desk.script(makeRequester(), network)).toMatchObject({ kind: 'install' });
  });

  it('is taken at its word where the neighbour table knows nothing: behind a router', async () => {
    const { desk, arm, load } = openDeskRig();
    arm();
    await desk.greet(stranger.mac, elsewhere);
    expect(load()?.stage).toBe('loader');
    expect(await desk.script(stranger, network)).toMatchObject({ kind: 'install' });
  });
});

describe('a file that was fetched by TFTP or HTTP', () => {
  it('counts for the host whose card fetched it, though no script was given to its address yet', async () => {
    const { desk, neighbours, arm, load } = openDeskRig();
    arm();
    neighbours.set(elsewhere, makeRequester().mac);
    await desk.notice({ address: elsewhere }, 'loader', 'fetched grub/grub.cfg');
    expect(load()?.stage).toBe('loader');
  });

  it('does not count for the host that had the address before', async () => {
    const { desk, neighbours, arm, load } = openDeskRig();
    arm();
    const pc = makeRequester();
    await desk.script(pc, network);
    neighbours.set(pc.address, foreign);
    await desk.notice({ address: pc.address }, 'kernel', 'fetched vmlinuz');
    expect(load()?.stage).toBe('identity');
    neighbours.delete(pc.address);
    await desk.notice({ address: pc.address }, 'kernel', 'fetched vmlinuz');
    expect(load()?.stage).toBe('kernel');
  });
});
