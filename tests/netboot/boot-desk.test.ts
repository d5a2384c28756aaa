import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Arming, BootOrder, TargetReport } from '../../src/model/boot.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { type ChosenProfile, defineProfile } from '../../src/model/profile.ts';
import { openArming } from '../../src/netboot/arming/open-arming.ts';
import { bindByCode, openBootDesk } from '../../src/netboot/boot-desk.ts';
import type { BootDesk, BootDeskEffects } from '../../src/netboot/boot-desk-types.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { makeHost } from '../helpers/make-host.ts';
import { armedAt, makeOrder, makeRequester } from '../helpers/make-order.ts';

const mac = '52:54:00:00:00:07';
const pc = makeRequester();
const network = { address: pc.address, netmask: '255.255.255.0', gateway: '', dns: '' };
const nonce = 'n'.repeat(32);
const host = makeHost('a07', { mac, macs: [{ addr: mac, role: 'wired', primary: true }] });
const profile = defineProfile<object>({
  ...{ name: 'debian-12', summary: 'for a test', kind: 'archive', family: 'linux', minutes: 5 },
  ...{ firmwares: ['bios'], secureBoot: true, options: {}, notes: [], assets: () => [] },
  boot: () => ({ kernel: 'vmlinuz', initrds: [], args: [] }),
});
const chosen: ChosenProfile = {
  ...{ name: 'debian-12', profile, options: {}, origin: 'a test', playbook: '', suite: '' },
};

let folder: string;
let store: Store;
let now: number;
let neighbours: Map<string, string>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-desk-'));
  store = await openStore(folder);
  now = armedAt + 1000;
  neighbours = new Map();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function openDesk(own: Partial<BootDeskEffects> = {}): BootDesk {
  return openBootDesk({
    store: store.armings,
    now: () => now,
    randomBytes: (count) => randomBytes(count),
    findHostByMac: async (asked) => (asked === mac ? host : undefined),
    loadHost: async (name) => (name === host.name ? host : undefined),
    loadProfile: async (order) => ({ chosen, digest: order.profileDigest }),
    neighbourMac: async (address) => neighbours.get(address) ?? '',
    renderJob: ({ session }) => `session ${session}`,
    renderAnswers: ({ session }) =>
      ['a.cfg', 'b.cfg'].map((name) => ({ name, text: session, contentType: 'text/plain' })),
    checkPin: async (pin) => (pin === '4711' ? '' : 'this PIN is wrong'),
    openOrder: async () => makeOrder({ id: 'menu', armedAt: now }),
    holdHost: async () => {},
    enroll: async () => 'Noted.',
    ...own,
  });
}

const arm = (order: Partial<BootOrder> = {}) => store.armings.arm(openArming(makeOrder(order)));
const load = (id = 'arming-1'): Arming => store.armings.load(id) as Arming;
const reasons = () => store.armings.loadAlerts().map(({ asked, reason }) => `${asked}: ${reason}`);
const report = (stage: TargetReport['stage'], more: Partial<TargetReport> = {}) => ({
  stage,
  ...more,
});

/** The token of a boot script; fails where there is none. */
async function getToken(desk: BootDesk, requester = pc): Promise<string> {
  const answer = await desk.script(requester, network);
  expect(answer.kind).toBe('install');
  return answer.kind === 'install' ? answer.token : '';
}

async function getSession(desk: BootDesk, token: string): Promise<string> {
  const answer = await desk.job(token, nonce, pc);
  expect(answer.kind).toBe('job');
  return answer.kind === 'job' ? answer.text.replace('session ', '') : '';
}

describe('the boot desk', () => {
  it('takes an armed host from its first request to installed, and keeps hashes only', async () => {
    arm();
    const desk = openDesk();
    await desk.notice({ mac }, 'dhcp', 'asked for an address');
    await desk.greet(mac, pc.address);
    const token = await getToken(desk);
    await desk.notice({ address: pc.address }, 'kernel', 'fetched the kernel');
    const session = await getSession(desk, token);
    expect(await desk.authorizeImage(session, pc.address)).toMatchObject({ kind: 'ok', host });
    expect(await desk.report(session, report('writing'), pc.address)).toEqual({ kind: 'go' });
    const last = report('installed', { hostKeys: ['ssh-ed25519 AAAA'] });
    expect(await desk.report(session, last, pc.address)).toEqual({ kind: 'go' });
    expect(await desk.report(session, last, pc.address)).toEqual({ kind: 'go' });
    expect(load()).toMatchObject({ state: 'installed', hostKeys: ['ssh-ed25519 AAAA'] });
    expect(load().stages.map(({ stage }) => stage)).toEqual([
      ...[
        'armed',
        'dhcp',
        'loader',
        'script',
        'identity',
        'kernel',
        'answers',
        'writing',
        'installed',
      ],
    ]);
    expect(await desk.authorizeImage(session, pc.address)).toMatchObject({ status: 410 });
    expect(await desk.script(pc, network)).toMatchObject({ kind: 'local', menu: false });
    store.close();
    const kept = readFileSync(join(folder, 'lab.sqlite'), 'latin1');
    for (const secret of [token, session, nonce]) expect(kept).not.toContain(secret);
    store = await openStore(folder);
  });

  it('gives unknown PCs and PCs that are not armed their disk, with the menu', async () => {
    const desk = openDesk();
    const unknown = makeRequester({ mac: '52:54:00:00:00:99' });
    expect(await desk.script(unknown, network)).toEqual({
      ...{ kind: 'local', menu: true, reason: 'not registered' },
    });
    expect(await desk.script(pc, network)).toMatchObject({ kind: 'local', menu: true, host });
    expect(reasons()).toEqual(['script: no host is registered with this address']);
  });

  it('gives the job again to the same power-on until it writes, and to nobody else', async () => {
    arm();
    const desk = openDesk();
    const token = await getToken(desk);
    const session = await getSession(desk, token);
    expect(await getSession(openDesk(), token)).toBe(session);
    expect(await desk.job(token, 'm'.repeat(32), pc)).toMatchObject({ status: 410 });
    expect(await desk.answers(token, 'a.cfg', pc.address)).toMatchObject({ status: 410 });
    await desk.report(session, report('writing'), pc.address);
    expect(await desk.job(token, nonce, pc)).toMatchObject({ status: 410 });
    expect(reasons()).toHaveLength(3);
  });

  it('takes only the token of the newest script, from the address it was given to', async () => {
    arm();
    const desk = openDesk();
    const old = await getToken(desk);
    const token = await getToken(desk);
    const elsewhere = makeRequester({ address: '10.1.0.66' });
    expect(await desk.job(old, nonce, pc)).toMatchObject({ status: 410 });
    expect(await desk.job(token, nonce, elsewhere)).toMatchObject({ status: 410 });
    neighbours.set('10.1.0.66', '52:54:00:00:00:66').set(pc.address, '52:54:00:00:00:66');
    expect(await desk.job(token, nonce, pc)).toMatchObject({ status: 410 });
    neighbours.set('10.1.0.66', mac);
    expect(await desk.job(token, nonce, elsewhere)).toMatchObject({ kind: 'job' });
  });

  it('gives each answer file once, all with the same session, also behind a restart of the service', async () => {
    arm();
    const token = await getToken(openDesk());
    const first = await openDesk().answers(token, 'a.cfg', pc.address);
    const second = await openDesk().answers(token, 'b.cfg', pc.address);
    expect([first.kind, second.kind]).toEqual(['file', 'file']);
    const texts = [first, second].map((answer) => answer.kind === 'file' && answer.file.text);
    expect(texts[0]).toBe(texts[1]);
    const desk = openDesk();
    expect(await desk.answers(token, 'a.cfg', pc.address)).toMatchObject({ status: 410 });
    expect(await desk.answers(token, 'c.cfg', pc.address)).toMatchObject({ status: 404 });
    expect(await desk.job(token, nonce, pc)).toMatchObject({ status: 410 });
    expect(await desk.report(String(texts[0]), report('installed'), pc.address)).toEqual({
      kind: 'go',
    });
  });

  it('gives an answer file to one of many that ask at once', async () => {
    arm();
    const desk = openDesk();
    const token = await getToken(desk);
    const tries = Array.from({ length: 20 }, () => desk.answers(token, 'a.cfg', pc.address));
    const kinds = (await Promise.all(tries)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'file')).toHaveLength(1);
  });

  it('refuses another PC with the same MAC address, even with the token, and ends the armed boot', async () => {
    arm();
    const desk = openDesk();
    const token = await getToken(desk);
    const other = makeRequester({ serial: 'SN99' });
    expect(await desk.job(token, nonce, other)).toMatchObject({ status: 403 });
    expect(load()).toMatchObject({ state: 'failed', stage: 'identity' });
    expect(await desk.job(token, nonce, pc)).toMatchObject({ status: 410 });
    expect(await desk.script(pc, network)).toMatchObject({ kind: 'local' });
  });

  it('ends an armed boot whose PC restarts behind its answers, and stops what writes', async () => {
    arm();
    const desk = openDesk();
    const session = await getSession(desk, await getToken(desk));
    await desk.report(session, report('writing'), pc.address);
    expect(await desk.script(pc, network)).toMatchObject({ kind: 'local', menu: false });
    expect(load()).toMatchObject({ state: 'failed', stage: 'writing' });
    expect(await desk.report(session, report('writing'), pc.address)).toEqual({
      ...{ kind: 'stop', reason: 'the PC restarted while its disk was being written' },
    });
    expect(await desk.identify(pc)).toMatchObject({ status: 403 });
  });

  it('tells a target to stop when its host was disarmed', async () => {
    arm();
    const desk = openDesk();
    const session = await getSession(desk, await getToken(desk));
    store.armings.update('arming-1', (arming) => ({
      ...arming,
      state: 'disarmed',
      reason: 'by li',
    }));
    expect(await desk.report(session, report('writing'), pc.address)).toEqual({
      ...{ kind: 'stop', reason: 'by li' },
    });
    expect(await desk.authorizeImage(session, pc.address)).toMatchObject({ status: 410 });
  });

  it('shows a code for a PC whose second factor nobody registered, until a technician types it', async () => {
    arm({ uuid: '', serial: '' });
    const desk = openDesk();
    const shown = await desk.script(pc, network);
    expect(shown).toMatchObject({ kind: 'code', host });
    const code = shown.kind === 'code' ? shown.code : '';
    expect(code).toMatch(/^[ACDEFHJKMNPRTVWXY34679]{4}$/);
    expect(await desk.script(pc, network)).toMatchObject({ kind: 'code', code });
    expect(await desk.identify(pc)).toMatchObject({
      message: `code ${code}: type it on the technician's computer`,
    });
    const bind = (typed: string, name = 'a07') =>
      bindByCode(store.armings, { host: name, code: typed, who: 'li' }, now);
    expect([bind('ZZZZ'), bind(''), bind(code, 'a08')]).toEqual([undefined, undefined, undefined]);
    expect(bind(` ${code.toLowerCase()} `)?.stage).toBe('identity');
    expect(bind(code)).toBeUndefined();
    expect(await desk.script(pc, network)).toMatchObject({ kind: 'install' });
    expect(await desk.script(makeRequester({ serial: 'SN99' }), network)).toMatchObject({
      kind: 'local',
    });
  });

  it('gives the deployment system a token of its own where GRUB brought none', async () => {
    arm();
    const desk = openDesk();
    const answer = await desk.identify(pc);
    expect(await getSession(desk, answer.kind === 'token' ? answer.token : '')).not.toBe('');
  });

  it.each<[string, Partial<BootDeskEffects>, RegExp]>([
    [
      'was changed',
      { loadProfile: async () => ({ chosen, digest: 'another' }) },
      /profile debian-12 was changed since the reinstall was confirmed/,
    ],
    [
      'cannot be loaded',
      { loadProfile: () => Promise.reject(new LabError('environment', 'vmlinuz is altered')) },
      /vmlinuz is altered/,
    ],
    ['has no host any more', { loadHost: async () => undefined }, /not in the register any more/],
  ])('ends an armed boot whose profile %s since it was confirmed', async (_, effects, reason) => {
    arm();
    const desk = openDesk(effects);
    const answer = await desk.script(pc, network);
    expect(answer).toMatchObject({ kind: 'local', reason: expect.stringMatching(reason) });
    expect(load()).toMatchObject({ state: 'failed', reason: expect.stringMatching(reason) });
  });

  it('ends an armed boot whose job cannot be rendered, with its token unspent', async () => {
    arm();
    const trouble = () => {
      throw new LabError('environment', 'there is no image');
    };
    const desk = openDesk({ renderJob: trouble });
    const token = await getToken(desk);
    expect(await desk.job(token, nonce, pc)).toMatchObject({ message: 'there is no image' });
    expect(load()).toMatchObject({ state: 'failed', sessionHash: '' });
  });

  it('arms from the menu by the PIN only, and what the guards allow', async () => {
    const desk = openDesk();
    expect(await desk.menuReinstall(pc, network, '0000')).toMatchObject({ status: 403 });
    expect(store.armings.list('all')).toEqual([]);
    expect(await desk.menuReinstall(pc, network, '4711')).toMatchObject({ kind: 'install' });
    expect(await desk.menuReinstall(pc, network, '4711')).toMatchObject({
      message: 'a07 is armed already',
    });
    const stranger = makeRequester({ mac: '52:54:00:00:00:99' });
    expect(await desk.menuReinstall(stranger, network, '4711')).toMatchObject({ status: 403 });
    expect(reasons()).toContain('reinstall from the menu: this PIN is wrong');
  });

  it('files an application for an unknown PC, and none for a known one', async () => {
    const desk = openDesk();
    const wish = { room: 'lab_a', seat: 'A-09', owner: '0042' };
    const unknown = makeRequester({ mac: '52:54:00:00:00:99' });
    expect(await desk.menuRegister(unknown, wish)).toEqual({ kind: 'noted', message: 'Noted.' });
    expect(await desk.menuRegister(pc, wish)).toMatchObject({ status: 403 });
  });

  it('ends what ran out of time; the silence of a target counts only while the service listened', async () => {
    arm();
    arm({ id: 'arming-2', host: 'a08', macs: ['52:54:00:00:00:08'] });
    const desk = openDesk();
    const session = await getSession(desk, await getToken(desk));
    const progress = { doneBytes: 1, totalBytes: 9, bytesPerSecond: 1 };
    await desk.report(session, report('writing', { progress }), pc.address);
    now += 2 * 3_600_000;
    const restarted = openDesk();
    restarted.expire();
    expect([load().state, load('arming-2').state]).toEqual(['writing', 'expired']);
    now += 600_000;
    restarted.expire();
    expect(load()).toMatchObject({ state: 'failed', stage: 'writing' });
  });
});
