import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { texts } from '../../model/options.ts';
import type { Judgement } from '../../model/plan.ts';
import { fail, pass, skip, unknown, unreadable, warn, worst } from '../judging.ts';

export default defineCheck({
  name: 'services',
  summary: 'The services that should run are running.',
  options: { running: texts([], 'names of services, such as ssh or veyon') },
  probe: { linux: ({ running }) => sh`systemctl is-active -- ${running}` },
  judge(output, { running }) {
    if (running.length === 0) return skip('no services are named in the suite (services: running)');
    const states = output.stdout.split('\n').map((line) => line.trim());
    if (states.length !== running.length || states.some((state) => !known.has(state)))
      return unreadable(output, 'which services run');
    return worst(running.map((name, index) => judgeState(name, states[index] ?? '')));
  },
});

/** The words of `systemctl is-active` (systemctl(1), "ActiveState"). */
const known = new Set([
  'active',
  'reloading',
  'inactive',
  'failed',
  'activating',
  'deactivating',
  'maintenance',
  'refreshing',
  'unknown',
]);

function judgeState(name: string, state: string): Judgement {
  const expected = `${name} active`;
  if (state === 'active' || state === 'reloading' || state === 'refreshing') return pass(expected);
  if (state === 'unknown') return unknown(`${name} unknown`, { expected });
  if (state === 'activating') return warn(`${name} activating`, { expected });
  return fail(`${name} ${state}`, { expected, hint: `look at: systemctl status ${name}` });
}
