import type { Call } from '../../../model/module.ts';
import type { UnitFound, UnitScope } from './unit-look.ts';

/** What is wished of a unit. */
export interface UnitWish {
  readonly name: string;
  readonly state: string | undefined;
  readonly enabled: boolean | undefined;
  readonly masked: boolean | undefined;
  readonly scope: UnitScope;
  readonly force: boolean;
  readonly noBlock: boolean;
}

/** One thing systemctl is told. */
export interface Step {
  readonly verb: string;
  readonly change: string;
}

/** What is to be done for the start of the system. */
export function enableSteps(
  { name, enabled, scope }: UnitWish,
  call: Call,
  found: UnitFound,
): Step[] {
  if (enabled === undefined) return [];
  const known = call.checkMode ? call.predicted(`enabled:${bareName(name)}`) : undefined;
  if ((known ?? isEnabled(found, scope)) === enabled) return [];
  return enabled
    ? [{ verb: 'enable', change: `enabled ${name} at boot` }]
    : [{ verb: 'disable', change: `disabled ${name} at boot` }];
}

/** Whether it starts with the system; an alias and a unit that others pull in do not count. */
export function isEnabled(found: UnitFound, scope: UnitScope): boolean {
  const words = found.enabledWords.join('\n');
  if (found.enabledExit === 0) return words !== 'indirect' && words !== 'alias';
  const isScript = scope === 'system' && found.isInitScript && found.enabledExit === 1;
  return isScript && !words.endsWith('disabled') && found.initEnabled;
}

/** What is to be done for it to run or not. */
export function stateSteps({ name, state }: UnitWish, call: Call, found: UnitFound): Step[] {
  const active = found.status.get('ActiveState');
  if (state === undefined || active === undefined) return [];
  const known = call.checkMode ? call.predicted(`service:${bareName(name)}`) : undefined;
  const runs = known ?? (active === 'active' || active === 'activating');
  if (state === 'stopped')
    return runs || active === 'deactivating' ? [{ verb: 'stop', change: `stopped ${name}` }] : [];
  if (!runs) return [{ verb: 'start', change: `started ${name}` }];
  if (state === 'started') return [];
  return state === 'restarted'
    ? [{ verb: 'restart', change: `restarted ${name}` }]
    : [{ verb: 'reload', change: `reloaded ${name}` }];
}

/** The name as predictions know it. */
export function bareName(name: string): string {
  return name.replace(/\.service$/, '');
}
