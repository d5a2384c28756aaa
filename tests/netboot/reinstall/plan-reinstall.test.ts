import { describe, expect, it } from 'vitest';
import { runPlan } from '../../../src/engine/run-plan.ts';
import type { ArmingStore } from '../../../src/model/boot.ts';
import type { RunEventBody } from '../../../src/model/event.ts';
import { foldArming } from '../../../src/netboot/arming/fold-arming.ts';
import type { ReinstallEffects } from '../../../src/netboot/reinstall/effects.ts';
import { indexMacs } from '../../../src/netboot/reinstall/guards.ts';
import type { ReinstallWanted } from '../../../src/netboot/reinstall/host-work.ts';
import { planReinstall } from '../../../src/netboot/reinstall/plan-reinstall.ts';
import { planRows } from '../../../src/netboot/reinstall/plan-rows.ts';
import { evenLimits } from '../../../src/netboot/reinstall/stage-limits.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { makeProfile } from '../../helpers/make-profile.ts';
import { memoryArmings } from '../../helpers/memory-armings.ts';
import { playTarget, type TargetMove, wholeInstall } from '../../helpers/play-target.ts';

const hosts = ['a01', 'a02', 'a03', 'a04'].map((name, index) => {
  const addr = `52:54:00:00:00:0${index + 1}`;
  const uuid = `4c4c4544-0044-4810-8031-b2c04f4a313${index}`;
  return makeHost(name, { uuid, mac: addr, macs: [{ addr, role: 'wired', primary: true }] });
});

function targetsOf(playbook = '') {
  const profile = makeProfile({ playbook });
  const candidates = hosts.map((host) => ({ host, profile, lockedBy: '' }));
  const view = {
    at: { day: 0, minutes: 0 },
    despite: new Set<never>(),
    hostsByMac: indexMacs(hosts),
  };
  const { rows } = planRows(candidates, view);
  return rows.map((row, index) => ({ row, host: hosts[index] ?? makeHost(row.host) }));
}

/** A room whose PCs do as they are told, on a clock of its own that only `sleep` moves. */
function openRoom(moves: { readonly [host: string]: readonly TargetMove[] } = {}) {
  const armings = memoryArmings();
  const events: RunEventBody[] = [];
  const did: string[] = [];
  const said: string[] = [];
  let now = 1_000_000;
  let ids = 0;
  const effects: ReinstallEffects = {
    armings,
    now: () => now,
    listeningSince: async () => 0,
    async sleep(ms) {
      now += ms;
    },
    newId: () => `id${ids++}`,
    emit: (event) => events.push(event),
    say: (text) => said.push(text),
    async bootFromNetwork({ name }) {
      did.push(`boot ${name}`);
      playTarget(armings, name, moves[name] ?? wholeInstall, () => now);
      return { evidence: 'magic packet' };
    },
    wakeAgain: async () => {},
    findAddresses: async () => ['10.1.1.77'],
    async trustHostKeys({ name }, keys) {
      did.push(`trust ${name} ${keys.join()}`);
    },
    async reachSystem(_, address) {
      return address === '10.1.1.77'
        ? { evidence: '' }
        : { reason: 'refused', hint: 'look at its screen' };
    },
    prove: async ({ host }) => {
      did.push(`prove ${host.name}`);
      return { evidence: 'hostname, image' };
    },
    play: async ({ host, row }) => {
      did.push(`play ${row.playbook} on ${host.name}`);
      return { evidence: 'ok' };
    },
    limits: evenLimits(60_000),
  };
  return { effects, armings, events, did, said };
}

const wanted = (more: Partial<ReinstallWanted> = {}): ReinstallWanted => ({
  title: 'reinstall lab_a',
  run: 'run1',
  targets: targetsOf(),
  waves: { sizes: [4], maxFailed: 0 },
  forks: 4,
  expiresMs: 3_600_000,
  ...more,
});

async function run(room: ReturnType<typeof openRoom>, more: Partial<ReinstallWanted> = {}) {
  const controller = new AbortController();
  return runPlan(planReinstall(wanted(more), room.effects), {
    connect: () => {
      throw new Error('the engine opens no session of its own');
    },
    emit: room.effects.emit,
    now: room.effects.now,
    signal: controller.signal,
    stop: controller.signal,
  });
}

const statesOf = (armings: ArmingStore) =>
  Object.fromEntries(armings.list('all').map(({ order, state }) => [order.host, state]));

describe('a reinstallation', () => {
  it('takes each host through every stage, told once each and in their order', async () => {
    const room = openRoom();
    const { totals } = await run(room, { targets: targetsOf('site.yml') });
    expect(totals).toEqual({ changed: 4 });
    const stages = room.events.flatMap((event) =>
      event.type === 'host.boot' && event.host === 'a01' && event.progress === undefined
        ? [event.stage]
        : [],
    );
    expect(stages).toEqual([
      ...['armed', 'dhcp', 'script', 'identity', 'answers', 'writing', 'installed'],
      ...['os-up', 'proven', 'playbook', 'done'],
    ]);
    expect(room.did.filter((line) => line.includes('a01'))).toEqual([
      ...['boot a01', 'trust a01 ssh-ed25519 AAAA', 'prove a01', 'play site.yml on a01'],
    ]);
  });

  it('sends a person, once, to a PC that was woken and that nobody sees', async () => {
    const room = openRoom({ a01: [] });
    const effects = { ...room.effects, limits: evenLimits(180_000) };
    await run({ ...room, effects });
    expect(room.said).toEqual([
      'a01: not seen on the network yet: switch it on at its button, and see that it starts from the network first',
    ]);
  });

  it('tells why each host that failed did so, and at which stage; its disk boots', async () => {
    const room = openRoom({
      a01: ['dhcp', 'mismatch'],
      a02: ['dhcp', 'script', 'answers', 'wrong-disk'],
      a03: ['dhcp', 'script', 'answers', 'writing', 'silence'],
    });
    const { totals, hosts: results } = await run(room);
    expect(totals).toEqual({ failed: 3, changed: 1 });
    expect(statesOf(room.armings)).toEqual({
      ...{ a01: 'failed', a02: 'failed', a03: 'failed', a04: 'installed' },
    });
    expect(results.get('a01')?.message).toMatch(/^identity: the PC says UUID "aaaaaaaa-/);
    expect(results.get('a02')?.message).toMatch(/no disk has the serial S1/);
    expect(results.get('a03')?.message).toMatch(/^writing: nothing was heard of it for /);
    expect(room.did.filter((line) => line.startsWith('trust'))).toEqual([
      'trust a04 ssh-ed25519 AAAA',
    ]);
  });

  it('ends the permit of a host that never starts from the network', async () => {
    const room = openRoom({ a01: [], a02: [], a03: [], a04: [] });
    const { hosts: results } = await run(room);
    expect(results.get('a01')?.message).toBe(
      'armed: it did not start from the network within 60 s',
    );
    expect(room.armings.list('live')).toEqual([]);
  });

  it.each<[string, Partial<ReinstallEffects>, RegExp, string]>([
    [
      'the way that starts it',
      { bootFromNetwork: () => new Promise(() => {}) },
      /^armed: what makes it start from the network did not come to an end within /,
      'failed',
    ],
    [
      'reaching the new system',
      { reachSystem: () => new Promise(() => {}) },
      /^os-up: .* within 0 s$/,
      'installed',
    ],
    [
      'keeping its host keys',
      { trustHostKeys: () => new Promise(() => {}) },
      /^os-up: .* within 0 s$/,
      'installed',
    ],
    [
      'its proof',
      { prove: () => new Promise(() => {}) },
      /^proven: its proof did not come to an end within /,
      'installed',
    ],
    [
      'its playbook',
      { play: () => new Promise(() => {}) },
      /^playbook: its playbook did not come to an end within /,
      'installed',
    ],
  ])(
    'fails a host at its stage where %s hangs for ever; its disk boots',
    async (_, hangs, said, state) => {
      const room = openRoom();
      const effects = { ...room.effects, ...hangs, limits: evenLimits(30) };
      const [target] = targetsOf('site.yml');
      if (!target) throw new Error('there is a first host');
      const { hosts: results } = await run({ ...room, effects }, { targets: [target] });
      expect(results.get('a01')).toMatchObject({
        ...{ outcome: 'failed', message: expect.stringMatching(said) },
      });
      expect(room.armings.list('live')).toEqual([]);
      expect(statesOf(room.armings)).toEqual({ a01: state });
    },
  );

  it('goes on with a host that started by itself while what was to start it hung', async () => {
    const room = openRoom();
    const effects: ReinstallEffects = {
      ...room.effects,
      limits: evenLimits(30),
      bootFromNetwork(host) {
        playTarget(room.armings, host.name, wholeInstall, room.effects.now);
        return new Promise(() => {});
      },
    };
    const { totals } = await run({ ...room, effects });
    expect(totals).toEqual({ changed: 4 });
  });

  it('stops before the next wave when more than the allowed part failed', async () => {
    const room = openRoom({ a01: ['dhcp', 'mismatch'] });
    const waves = { sizes: [1, 3], maxFailed: 0, maxFailPercentage: 50 };
    const { totals } = await run(room, { waves });
    expect(totals).toEqual({ failed: 1, skipped: 3 });
    expect(room.armings.list('all').map(({ order }) => order.host)).toEqual(['a01']);
  });

  it('goes on where each host is after its controller died, and writes nothing twice', async () => {
    const room = openRoom();
    const all = wanted({ waves: { sizes: [4], maxFailed: 0 } });
    const [one, two, three] = planReinstall(all, room.effects).steps;
    const signal = new AbortController().signal;
    const first = hosts.slice(0, 3);
    const step = async (index: number, at: typeof one) =>
      at?.run({
        ...{ host: first[index] ?? makeHost('none'), signal, output: () => {} },
        connection: async () => {
          throw new Error('none');
        },
        once: (_, work) => work(),
      });
    for (const index of [0, 1, 2]) await step(index, one);
    playTarget(room.armings, 'a02', ['dhcp', 'script', 'answers', 'writing'], room.effects.now);
    playTarget(room.armings, 'a03', wholeInstall, room.effects.now);
    expect(three).toBeDefined();
    expect(two).toBeDefined();

    const earlier = new Map(room.armings.list('all').map((arming) => [arming.order.host, arming]));
    const going = run(room, { run: 'run2', earlier });
    playTarget(room.armings, 'a02', ['installed'], room.effects.now);
    const { totals } = await going;
    expect(room.did.filter((line) => line.startsWith('boot'))).toEqual(['boot a01', 'boot a04']);
    expect(totals['failed']).toBeUndefined();
    expect(room.armings.list('all').length).toBe(4);
    expect(statesOf(room.armings)).toEqual({
      ...{ a01: 'installed', a02: 'installed', a03: 'installed', a04: 'installed' },
    });
  });

  it('leaves a host failed that failed before the controller died', async () => {
    const room = openRoom();
    const armed = openRoom({ a01: ['dhcp', 'mismatch'] });
    await run(armed, { targets: targetsOf().slice(0, 1) });
    for (const arming of armed.armings.list('all')) {
      room.armings.arm({ ...arming, state: 'armed' });
      room.armings.update(arming.order.id, () => arming);
    }
    const earlier = new Map(room.armings.list('all').map((arming) => [arming.order.host, arming]));
    const { hosts: results } = await run(room, { run: 'run2', earlier });
    expect(results.get('a01')?.outcome).toBe('failed');
    expect(room.did).not.toContain('boot a01');
  });

  it('refuses a host that somebody armed between the preview and its turn', async () => {
    const room = openRoom();
    const [target] = targetsOf();
    if (!target) throw new Error('there is a first host');
    await run(room, { targets: [target], run: 'other' });
    const [arming] = room.armings.list('all');
    if (!arming) throw new Error('it was armed');
    room.armings.update(arming.order.id, (one) => ({ ...one, state: 'booting' }));
    const { hosts: results } = await run(room, { targets: [target] });
    expect(results.get('a01')).toMatchObject({ outcome: 'failed', refused: true });
  });

  it('asks for the code of a PC whose second factor nobody registered, without telling it', async () => {
    const room = openRoom({ a01: ['dhcp'] });
    let shown = false;
    const sleep = room.effects.sleep;
    const effects: ReinstallEffects = {
      ...room.effects,
      async sleep(ms, signal) {
        await sleep(ms, signal);
        const [arming] = room.armings.list('all');
        if (!arming || shown) return;
        shown = true;
        const at = room.effects.now();
        const claim = { uuid: 'cafe', serial: 'S9', code: 'K7QX' };
        const unbound = { type: 'unbound', at, address: '10.1.1.99', ...claim } as const;
        room.armings.update(arming.order.id, (one) => foldArming(one, unbound));
      },
    };
    await run({ ...room, effects }, { targets: targetsOf().slice(0, 1) });
    expect(room.said.join('\n')).toContain('serial number "S9", UUID "cafe"');
    expect(room.said.join('\n')).not.toContain('K7QX');
  });
});
