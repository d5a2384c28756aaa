import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../src/catalog/formats/table.ts';
import { runPlan } from '../../../src/engine/run-plan.ts';
import { selectHosts } from '../../../src/inventory/select.ts';
import {
  type Host,
  hostClasses,
  hostStatuses,
  type Inventory,
  ownerships,
} from '../../../src/model/host.ts';
import { LabError } from '../../../src/model/lab-error.ts';
import type { Value } from '../../../src/model/value.ts';
import {
  answersFor,
  isConfirmedBy,
  requireUnchanged,
} from '../../../src/netboot/reinstall/confirmation.ts';
import type { ReinstallEffects } from '../../../src/netboot/reinstall/effects.ts';
import { type Candidate, indexMacs } from '../../../src/netboot/reinstall/guards.ts';
import { planReinstall } from '../../../src/netboot/reinstall/plan-reinstall.ts';
import { planRows } from '../../../src/netboot/reinstall/plan-rows.ts';
import { evenLimits } from '../../../src/netboot/reinstall/stage-limits.ts';
import { planWaves } from '../../../src/netboot/reinstall/wave-sizes.ts';
import { reportPreview } from '../../../src/report/reinstall-preview.ts';
import { makeHost } from '../../helpers/make-host.ts';
import { makeProfile } from '../../helpers/make-profile.ts';
import { memoryArmings } from '../../helpers/memory-armings.ts';

const rooms = ['lab_a', 'lab_b', 'office'];
const macOf = (number: number) => `52:54:00:00:00:${number.toString(16).padStart(2, '0')}`;

/** Usually this, and else one of those: or hardly anybody would be let through. */
const mostly = <T>(usual: T, odd: readonly T[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );

const pc = fc.record({
  room: fc.constantFrom(...rooms),
  mac: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined, freq: 12 }),
  class: mostly<Host['class']>('student', hostClasses),
  status: mostly<Host['status']>('active', hostStatuses),
  ownership: mostly<Host['ownership']>('school', ownerships),
  protected: mostly(false, [true]),
  lessons: mostly<string | null>(null, ['mon 08:00-09:00', 'sun-sat 00:00-24:00', '???']),
  users: mostly<readonly string[] | undefined>(undefined, [[], ['li']]),
  hasProfile: mostly(true, [false]),
  disk: mostly<Value | undefined>(undefined, ['/dev/sda', { serial: 'S1' }]),
});
type Pc = typeof pc extends fc.Arbitrary<infer T> ? T : never;

/** A word that may be a host, a group, a glob or nothing, as people type patterns. */
const word = fc.constantFrom(
  ...['all', '*', 'lab_a', 'lab_b', 'office', 'pc1', 'pc2', 'pc[1:3]', 'pc1*', '~pc[0-4]', 'lab_*'],
);
const pattern = fc
  .array(fc.tuple(fc.constantFrom('', '!', '&'), word), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map(([sign, text], index) => (index === 0 ? text : sign + text)).join(':'));

function hostOf(one: Pc, index: number): Host {
  const at = { file: 'i.yaml', line: 1, column: 1 };
  const addr = one.mac === undefined ? '' : macOf(one.mac);
  return makeHost(`pc${index}`, {
    mac: addr,
    macs: addr === '' ? [] : [{ addr, role: 'wired', primary: true }],
    groups: [one.room],
    room: {
      ...{ name: one.room, title: '', kind: '', maintainer: '', subnet: '', gateway: '' },
      ...{ vlan: '', columns: 0, lessons: one.lessons, at },
    },
    class: one.class,
    status: one.status,
    ownership: one.ownership,
    protected: one.protected,
    vars: one.disk === undefined ? {} : { disk: one.disk },
  });
}

function inventoryOf(hosts: readonly Host[]): Inventory {
  const groups = rooms.map((name) => ({
    ...{ name, children: [], vars: {} },
    hosts: hosts.filter((host) => host.groups.includes(name)).map((host) => host.name),
  }));
  return { hosts, groups, rooms: [], files: [] };
}

const profile = makeProfile();
const view = (hosts: readonly Host[]) => ({
  ...{ at: { day: 1, minutes: 8 * 60 }, despite: new Set<never>() },
  hostsByMac: indexMacs(hosts),
});

function planFor(hosts: readonly Host[], pcs: readonly Pc[], chosen: readonly Host[]) {
  const candidates = chosen.map((host): Candidate => {
    const one = pcs[Number(host.name.slice(2))];
    return {
      host,
      ...(one?.hasProfile === true && { profile }),
      ...(one?.users && { users: one.users }),
      lockedBy: '',
    };
  });
  return planRows(candidates, view(hosts));
}

function select(hosts: readonly Host[], text: string): Host[] {
  try {
    return selectHosts(inventoryOf(hosts), text);
  } catch (error) {
    if (error instanceof LabError) return [];
    throw error;
  }
}

/** Runs the reinstallation as far as it arms: nothing ever starts from the network. */
async function armAll(rows: ReturnType<typeof planRows>['rows'], hosts: readonly Host[]) {
  const armings = memoryArmings();
  let ids = 0;
  let now = 0;
  const none = async () => ({ reason: '', hint: '' });
  const effects: ReinstallEffects = {
    ...{ armings, now: () => now, newId: () => `${ids++}`, emit: () => {}, say: () => {} },
    listeningSince: async () => 0,
    sleep: async (ms) => {
      now += ms;
    },
    bootFromNetwork: async () => ({ evidence: '' }),
    wakeAgain: async () => {},
    findAddresses: async () => [],
    trustHostKeys: async () => {},
    ...{ reachSystem: none, prove: none, play: none },
    limits: evenLimits(1),
  };
  const targets = rows.flatMap((row) => {
    const host = hosts.find(({ name }) => name === row.host);
    return host ? [{ row, host }] : [];
  });
  const waves = { sizes: [2], maxFailed: 100 };
  const signal = new AbortController().signal;
  const wanted = { title: '', run: 'r', targets, waves, forks: 3, expiresMs: 1000 };
  await runPlan(planReinstall(wanted, effects), {
    connect: () => Promise.reject(new Error('no session')),
    ...{ emit: () => {}, now: () => now, signal, stop: signal },
  });
  return armings.list('all');
}

/** The same host with one thing changed that decides what happens to it. */
function change(
  host: Host,
  what: 'mac' | 'uuid' | 'serial' | 'disk' | 'address' | 'profile',
): Host {
  const addr = macOf(99);
  if (what === 'mac') return { ...host, mac: addr, macs: [{ addr, role: 'wired', primary: true }] };
  if (what === 'disk') return { ...host, vars: { disk: { serial: 'S2' } } };
  if (what === 'address') return { ...host, ip: '10.9.9.9' };
  return what === 'profile' ? host : { ...host, [what]: 'other' };
}

describe('whoever is armed was shown and confirmed', () => {
  it('holds for 10,000 inventories and patterns: armed, shown and confirmed are the same hosts, and none is guarded', async () => {
    let armedInAll = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(pc, { minLength: 1, maxLength: 12 }),
        pattern,
        async (pcs, text) => {
          const hosts = pcs.map(hostOf);
          const chosen = select(hosts, text);
          const plan = planFor(hosts, pcs, chosen);
          const report = reportPreview({ ...plan, minutes: 0 }, '', 'en');
          const shown = (report.document['hosts'] as { host: string }[]).map(({ host }) => host);
          const [typed = ''] = answersFor(plan);
          const confirmed = isConfirmedBy(plan, typed) ? plan.rows.map(({ host }) => host) : [];
          const armed = (await armAll(plan.rows, hosts)).map(({ order }) => order.host);
          expect(shown).toEqual(confirmed);
          expect(Number(typed)).toBe(armed.length);
          expect([...armed].sort()).toEqual([...shown].sort());
          for (const host of armed) {
            const one = pcs[Number(host.slice(2))];
            expect(chosen.map(({ name }) => name)).toContain(host);
            expect(one?.protected || one?.ownership === 'private' || one?.mac === undefined).toBe(
              false,
            );
            expect(pcs.filter(({ mac }) => mac === one?.mac).length).toBe(1);
          }
          const told = [...shown, ...plan.refused.map(({ host }) => host)];
          expect(told.sort()).toEqual(chosen.map(({ name }) => name).sort());
          armedInAll += armed.length;
        },
      ),
      { numRuns: 10_000 },
    );
    // Were nobody ever armed, all of this would hold as well.
    expect(armedInAll).toBeGreaterThan(500);
  }, 120_000);

  it('refuses a plan that is another one than was shown, whatever was changed', () => {
    fc.assert(
      fc.property(
        fc.array(pc, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('mac', 'uuid', 'serial', 'disk', 'address', 'profile', 'gone'),
        (pcs, what) => {
          const free = pcs.map(
            (one, index): Pc => ({
              ...{ ...one, mac: index, class: '', status: 'active', ownership: 'school' },
              ...{ protected: false, lessons: null, users: [], hasProfile: true, disk: undefined },
            }),
          );
          const hosts = free.map(hostOf);
          const shown = planFor(hosts, free, hosts);
          expect(() => requireUnchanged(shown.digest, planFor(hosts, free, hosts))).not.toThrow();
          const [first, ...rest] = hosts;
          if (!first) return;
          const changed = what === 'gone' ? rest : [change(first, what), ...rest];
          const present =
            what === 'profile'
              ? planRows(
                  hosts.map((host) => ({
                    ...{ host, lockedBy: '', profile: makeProfile({ options: { a: 1 } }) },
                  })),
                  view(hosts),
                )
              : planFor(changed, free, changed);
          expect(() => requireUnchanged(shown.digest, present)).toThrow('not what was shown');
          expect(() => requireUnchanged('', present)).toThrow('not what was shown');
        },
      ),
    );
  });

  it('shows names of Chinese owners and long reasons within 80 columns', () => {
    const host = makeHost('a01', {
      mac: macOf(1),
      owner: { name: '欧阳雪欧阳雪', id: '', department: '', phone: '' },
      seat: '三排七座',
    });
    const plan = planRows(
      [
        { host, profile, lockedBy: '' },
        { host: makeHost('a02', { protected: true }), profile, lockedBy: '' },
      ],
      view([host]),
    );
    const report = reportPreview({ ...plan, minutes: 5 }, '2026-11-23T00:00:00Z', 'zh-CN');
    const text = table.write(report, { columns: 80, color: false, lang: 'zh-CN' });
    const widthOf = (line: string) =>
      [...line].reduce((sum, letter) => sum + (/[^\p{ASCII}─…]/u.test(letter) ? 2 : 1), 0);
    for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(text).toContain('欧阳雪');
  });

  it('plans waves: a canary first where there are many, then sizes, percentages or all', () => {
    expect(planWaves({}, 4).sizes).toEqual([4]);
    expect(planWaves({}, 64).sizes).toEqual([1, 64]);
    expect(planWaves({ canary: '0' }, 64).sizes).toEqual([64]);
    expect(planWaves({ waves: '1,25%,all' }, 64).sizes).toEqual([1, 16, 64]);
    expect(planWaves({ canary: '2', waves: '10' }, 64).sizes).toEqual([2, 10]);
    expect(planWaves({ maxFailPercentage: '10' }, 64).maxFailPercentage).toBe(10);
    for (const bad of ['0', 'x', '101%', '-1', ''])
      expect(() => planWaves({ waves: bad }, 9)).toThrow();
  });
});
