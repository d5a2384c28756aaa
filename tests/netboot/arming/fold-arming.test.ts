import { describe, expect, it } from 'vitest';
import type { Arming, ArmingEvent } from '../../../src/model/boot.ts';
import { decideBoot } from '../../../src/netboot/arming/decide-boot.ts';
import { foldArming } from '../../../src/netboot/arming/fold-arming.ts';
import { openArming } from '../../../src/netboot/arming/open-arming.ts';
import { armedAt, makeOrder, makeRequester } from '../../helpers/make-order.ts';

const address = '10.1.0.107';
const at = (seconds: number): number => armedAt + seconds * 1000;
const told = (seconds: number, report: Extract<ArmingEvent, { type: 'told' }>['report']) =>
  ({ type: 'told', at: at(seconds), address, report }) as const;
const script: ArmingEvent = { type: 'script', at: at(20), address, tokenHash: 'tt' };
const answers: ArmingEvent = {
  ...{ type: 'answers', at: at(30), address },
  ...{ tokenHash: 'tt', sessionHash: 'ss', nonce: 'nn' },
};
const progress = (doneBytes: number) => ({ doneBytes, totalBytes: 100, bytesPerSecond: 10 });

/** What the events make of an armed boot, one after the other. */
function play(events: readonly ArmingEvent[], order = makeOrder()): Arming {
  return events.reduce(foldArming, openArming(order));
}
const stagesOf = (arming: Arming) => arming.stages.map(({ stage }) => stage);

describe('an armed boot', () => {
  it('goes through its stages, keeps what the target told, and has no token at its end', () => {
    const arming = play([
      { type: 'seen', at: at(5), stage: 'dhcp', evidence: 'asked for an address' },
      { type: 'seen', at: at(10), stage: 'loader', evidence: 'asked' },
      script,
      answers,
      told(31, { stage: 'kernel' }),
      told(40, { stage: 'writing', progress: progress(10) }),
      told(50, { stage: 'installed', hostKeys: ['ssh-ed25519 AAAA'], told: { disk_name: 'vda' } }),
      { type: 'found', at: at(60), stage: 'os-up', evidence: 'SSH' },
      { type: 'found', at: at(70), stage: 'proven', evidence: 'suite' },
    ]);
    expect(stagesOf(arming)).toEqual([
      ...['armed', 'dhcp', 'loader', 'script', 'identity', 'kernel', 'answers'],
      ...['writing', 'installed', 'os-up', 'proven'],
    ]);
    expect(arming).toMatchObject({ state: 'installed', stage: 'proven', tokenHash: '', code: '' });
    expect(arming).toMatchObject({ hostKeys: ['ssh-ed25519 AAAA'], told: { disk_name: 'vda' } });
  });

  it('of a rescue system knows its host key from the kernel on; a kernel that tells none takes none away', () => {
    const rescue = told(40, { stage: 'kernel', hostKeys: ['ssh-ed25519 AAAA'] });
    const arming = play([script, answers, rescue, told(41, { stage: 'kernel' })]);
    expect(arming).toMatchObject({ hostKeys: ['ssh-ed25519 AAAA'] });
    const disarmed = play([script, answers, rescue, { type: 'disarmed', at: at(42), who: 'li' }]);
    expect(disarmed).toMatchObject({ state: 'disarmed', hostKeys: ['ssh-ed25519 AAAA'] });
    expect(play([script, rescue]).hostKeys, 'nobody has its session yet').toEqual([]);
  });

  it('puts a stage that becomes known late in its place, and moves nothing back', () => {
    const arming = play([script, { type: 'seen', at: at(5), stage: 'dhcp', evidence: 'log' }]);
    expect(stagesOf(arming)).toEqual(['armed', 'dhcp', 'script', 'identity']);
    expect(arming).toMatchObject({ stage: 'identity', stageAt: at(20) });
  });

  it('takes a second report that it is installed for the first, and a late one of writing for nothing', () => {
    const installed = play([script, answers, told(50, { stage: 'installed' })]);
    expect(foldArming(installed, told(60, { stage: 'installed' }))).toBe(installed);
    expect(foldArming(installed, told(60, { stage: 'writing' }))).toBe(installed);
  });

  it('does not turn its bar back by a report that was overtaken', () => {
    const writing = play([
      script,
      answers,
      told(40, { stage: 'writing', progress: progress(50) }),
      told(41, { stage: 'writing', progress: progress(20) }),
    ]);
    expect(writing.progress.doneBytes).toBe(50);
  });

  it('fails at the writing of its disk when the PC asks for its script again, and boots its disk from then on', () => {
    const writing = play([script, answers, told(40, { stage: 'writing' })]);
    const decision = decideBoot(writing, makeRequester(), at(50));
    expect(decision).toMatchObject({ kind: 'end', event: { type: 'gave-up', stage: 'writing' } });
    const failed = decision.kind === 'end' ? foldArming(writing, decision.event) : writing;
    expect(failed).toMatchObject({ state: 'failed', stage: 'writing' });
    expect(failed.reason).toBe('the PC restarted while its disk was being written');
    expect(decideBoot(failed, makeRequester(), at(60))).toEqual({
      kind: 'local',
      menu: false,
      reason: 'failed at writing: the PC restarted while its disk was being written',
    });
    expect(decideBoot(failed, makeRequester(), at(50_000))).toMatchObject({
      kind: 'local',
      menu: true,
    });
  });

  it('is not ended by a stranger with its address while the right PC is being written', () => {
    const writing = play([script, answers, told(40, { stage: 'writing' })]);
    const stranger = makeRequester({ uuid: 'ffff0000-2222-3333-4444-555555555507' });
    expect(decideBoot(writing, stranger, at(50))).toMatchObject({ kind: 'local', menu: false });
    const { uuid, serial } = stranger;
    expect(foldArming(writing, { type: 'mismatch', at: at(50), address, uuid, serial })).toBe(
      writing,
    );
  });

  it('expires before it writes; a target that writes and is heard of gets its time', () => {
    const late = at(3600);
    expect(decideBoot(play([script]), makeRequester(), late)).toMatchObject({ kind: 'end' });
    expect(play([script, { type: 'expired', at: late - 1 }]).state).toBe('booting');
    expect(play([script, { type: 'expired', at: late }])).toMatchObject({
      state: 'expired',
      reason: 'its time was over at stage identity',
    });
    expect(play([script, { ...answers, at: late }])).toMatchObject({
      state: 'expired',
      sessionHash: '',
    });
    const writes = [script, answers, told(3590, { stage: 'writing', progress: progress(1) })];
    expect(play([...writes, { type: 'expired', at: at(3590 + 599) }]).state).toBe('writing');
    expect(play([...writes, { type: 'expired', at: at(3590 + 600) }])).toMatchObject({
      state: 'failed',
      stage: 'writing',
      reason: 'nothing was heard of the PC for 10 minutes while it wrote its disk',
    });
  });

  it('waits two hours for an installer, which tells nothing between its beginning and its end', () => {
    const writes = [script, answers, told(40, { stage: 'writing' })];
    expect(play([...writes, { type: 'expired', at: at(40 + 7199) }]).state).toBe('writing');
    expect(play([...writes, { type: 'expired', at: at(40 + 7200) }]).state).toBe('failed');
  });

  it('lets the controller find more only of a host that is installed', () => {
    const found: ArmingEvent = { type: 'found', at: at(60), stage: 'os-up', evidence: 'SSH' };
    for (const events of [[], [script], [script, answers, told(40, { stage: 'failed' })]])
      expect(stagesOf(play([...events, found]))).not.toContain('os-up');
  });

  it('keeps no control characters and no more than a line of what a stranger tells', () => {
    const arming = play([
      script,
      answers,
      told(40, { stage: 'failed', reason: `no disk\u001b]0;x\u0007\n\u202e${'x'.repeat(1000)}` }),
    ]);
    expect(arming.reason).toMatch(/^no disk \]0;x x+$/);
    expect(arming.reason).toHaveLength(300);
  });
});

describe('the second factor', () => {
  const uuid = '11111111-2222-3333-4444-555555555507';
  const kinds = (order: object, claim: object) =>
    decideBoot(openArming(makeOrder(order)), makeRequester(claim), at(10)).kind;

  it.each([
    ['both as registered', {}, {}, 'install'],
    ['spelled in other letters', {}, { uuid: uuid.toUpperCase(), serial: ' sn07 ' }, 'install'],
    [
      'a UUID in the other byte order',
      { uuid: '33221100-5544-7766-8899-aabbccddeeff' },
      { uuid: '00112233-4455-6677-8899-aabbccddeeff' },
      'install',
    ],
    ['the UUID only', {}, { serial: '' }, 'install'],
    ['the serial number only', { uuid: '' }, {}, 'install'],
    ['another UUID', {}, { uuid: 'ffffffff-2222-3333-4444-555555555507' }, 'end'],
    ['another serial number', {}, { serial: 'SN08' }, 'end'],
    ['nothing at all', {}, { uuid: '', serial: 'To Be Filled By O.E.M.' }, 'code'],
    ['something that nobody registered', { uuid: '', serial: '' }, {}, 'code'],
    [
      'what makers leave, as registered',
      { uuid: '', serial: 'Default string' },
      { serial: 'Default string' },
      'code',
    ],
    ['another MAC address', { macs: ['52:54:00:00:00:08'] }, {}, 'local'],
  ])('of a PC that says %s decides', (_, order, claim, kind) => {
    expect(kinds(order, claim)).toBe(kind);
  });

  it('is bound by the code that the PC shows, which stays while it asks again', () => {
    const claim = { uuid: 'abcdabcd-0000-0000-0000-000000000001', serial: '' };
    const unbound = (code: string): ArmingEvent => ({
      ...{ type: 'unbound', at: at(10), address, code },
      ...claim,
    });
    const order = makeOrder({ uuid: '', serial: '' });
    const shown = play([unbound('K7PX'), unbound('AAAA')], order);
    expect(shown.code).toBe('K7PX');
    const bound = foldArming(shown, { type: 'bound', at: at(20), who: 'li' });
    expect(bound).toMatchObject({ code: '', stage: 'identity' });
    expect(decideBoot(bound, makeRequester(claim), at(30)).kind).toBe('install');
    expect(decideBoot(bound, makeRequester(), at(30)).kind).toBe('end');
    expect(decideBoot(bound, makeRequester({ uuid: '', serial: '' }), at(30)).kind).toBe('code');
  });

  it('is not bound by somebody else being known: a PC that says nothing gets a code, also behind the right one', () => {
    const asked = play([script]);
    expect(decideBoot(asked, makeRequester({ uuid: '', serial: '' }), at(30)).kind).toBe('code');
  });

  it('of another PC fails the armed boot at identity, and says what is registered', () => {
    const requester = makeRequester({ serial: 'SN08' });
    const decision = decideBoot(openArming(makeOrder()), requester, at(10));
    const failed = decision.kind === 'end' ? play([decision.event]) : play([]);
    expect(failed).toMatchObject({
      state: 'failed',
      stage: 'identity',
      reason: 'the PC says serial number "SN08", registered is "SN07"',
    });
  });
});
