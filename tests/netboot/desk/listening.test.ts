import { describe, expect, it } from 'vitest';
import { openDeskRig } from '../../helpers/desk-rig.ts';
import { makeRequester } from '../../helpers/make-order.ts';

const network = { address: '10.1.0.107', netmask: '', gateway: '', dns: '' };
const progress = { doneBytes: 1, totalBytes: 9, bytesPerSecond: 1 };

describe('a service that was restarted a moment ago', () => {
  it('does not take a target for silent that nobody could hear: another PC with its address ends nothing', async () => {
    const { desk, reopen, clock, arm, load } = openDeskRig();
    arm();
    const pc = makeRequester();
    const answer = await desk.script(pc, network);
    const token = answer.kind === 'install' ? answer.token : '';
    const job = await desk.job(token, 'n'.repeat(32), pc);
    const session = job.kind === 'job' ? job.text.replace('session ', '') : '';
    await desk.report(session, { stage: 'writing', progress }, pc.address);
    clock.now += 11 * 60_000;
    const restarted = reopen();
    const other = makeRequester({ uuid: 'another', serial: 'another' });
    expect(await restarted.script(other, network)).toMatchObject({ kind: 'local', menu: false });
    expect(load()?.state).toBe('writing');
    clock.now += 11 * 60_000;
    await restarted.script(other, network);
    expect(load()).toMatchObject({ state: 'failed', stage: 'writing' });
  });
});
