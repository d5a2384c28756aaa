import { defineCheck } from '../../model/check.ts';
import type { ReachReason } from '../../model/connection.ts';
import { fail, pass, unknown } from '../judging.ts';

/** The PC answered, but Labkit's way in did not work: something is broken. */
const broken: ReadonlySet<ReachReason> = new Set([
  'refused',
  'reset',
  'banner-timeout',
  'auth-failed',
  'host-key-changed',
]);

/** Nothing answered: all a PC that is switched off does. */
const silent: ReadonlySet<ReachReason> = new Set(['no-route', 'timeout']);

const hints: { readonly [R in ReachReason]: string } = {
  'no-route': 'switch it on or wake it, and check the cable',
  timeout: 'switch it on or wake it, and check the cable',
  dns: 'write its address as `ip` or `ansible_host` in the inventory',
  deadline: 'it was too slow to answer in time; try again with a longer --deadline',
  refused: 'the PC is on, but no SSH server listens: start sshd, or correct ansible_port',
  reset: 'the PC is on, but its SSH server hung up: look at sshd and its log on the PC',
  'banner-timeout': 'the PC is on, but its SSH server says nothing: it may be frozen; restart it',
  'auth-failed': "put the technician's key or password right on the PC or in the inventory",
  'host-key-changed':
    'if the PC was reinstalled, remove its old host key; if not, find out who answers there',
};

export default defineCheck({
  name: 'reach',
  summary: 'Labkit can log in to the PC.',
  options: {},
  probe: {},
  judgeSession(lost) {
    if (lost === undefined) return pass('logged in');
    const judge = broken.has(lost.reason) ? fail : unknown;
    const found = silent.has(lost.reason)
      ? `off or unreachable: ${lost.reason}`
      : `${lost.reason}: ${lost.message}`;
    return judge(found, { hint: lost.hint === '' ? hints[lost.reason] : lost.hint });
  },
  judge: () => unknown('no session was looked at'),
});
