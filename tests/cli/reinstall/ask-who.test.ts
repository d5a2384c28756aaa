import { describe, expect, it } from 'vitest';
import { askWho } from '../../../src/cli/reinstall/ask-who.ts';
import { type ReachReason, Unreachable } from '../../../src/model/connection.ts';
import type { Host } from '../../../src/model/host.ts';
import { scriptedConnect, silentConnect } from '../../helpers/fake-connections.ts';
import { makeHost } from '../../helpers/make-host.ts';

const pc = makeHost('a01');
const winrm: Host = { ...pc, connection: { ...pc.connection, kind: 'winrm' } };
const unreachable = (reason: ReachReason) => async () => {
  throw new Unreachable(reason, `a01: ${reason}`);
};
const ask = async (
  host: Host,
  connect: Parameters<typeof askWho>[1]['connect'],
  deadlineMs = 60_000,
) => (await askWho([host], { connect, forks: 1, deadlineMs })).get(host.name);

describe('who is logged in', () => {
  it('is what the host says', async () => {
    const { connect } = scriptedConnect(() => ({ stdout: 'li  tty2  2026-11-23 08:00\n' }));
    expect(await ask(pc, connect)).toEqual({ users: ['li'] });
    expect(await ask(pc, scriptedConnect(() => ({ stdout: '' })).connect)).toEqual({ users: [] });
  });

  it.each<ReachReason>(['no-route', 'timeout'])(
    'is nobody where nothing answers: %s',
    async (why) => {
      expect(await ask(pc, unreachable(why))).toEqual({});
    },
  );

  it.each<ReachReason>([
    'refused',
    'banner-timeout',
    'auth-failed',
    'host-key-changed',
    'dns',
    'reset',
  ])('is unknown, and why, where something answers or nothing could be tried: %s', async (why) => {
    expect(await ask(pc, unreachable(why))).toEqual({ usersUnknown: `a01: ${why}` });
  });

  it('is unknown where the program says nothing of use, the host does not come to an end, or nobody asks it', async () => {
    const broken = scriptedConnect(() => ({ exitCode: 127, stderr: 'who: not found' }));
    expect(await ask(pc, broken.connect)).toEqual({
      usersUnknown: 'its who ended with 127: who: not found',
    });
    expect(await ask(pc, silentConnect, 20)).toEqual({ usersUnknown: 'it did not answer in time' });
    expect(await ask(winrm, broken.connect)).toEqual({ usersUnknown: 'it is not asked by winrm' });
  });
});
