import { sh } from '../../../model/command.ts';
import {
  type Action,
  ask,
  type Call,
  done,
  type ModuleResult,
  type Planned,
  type Prediction,
  probePath,
  probeScript,
} from '../../../model/module.ts';
import { makeVars, type Value } from '../../../model/value.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';
import { readUnit, scopeWords, type UnitFound, unitScript } from './unit-look.ts';
import {
  bareName,
  enableSteps,
  isEnabled,
  type Step,
  stateSteps,
  type UnitWish,
} from './unit-steps.ts';

/** Looks at a unit, then plans; `byScript` plans for hosts whose services are init scripts. */
export function inspectUnit(
  wish: UnitWish,
  call: Call,
  byScript?: (found: UnitFound) => Planned,
): Planned {
  const asksEnabled = wish.enabled !== undefined || wish.masked !== undefined;
  const file = wish.name.includes('.') ? wish.name : `${wish.name}.service`;
  const unit = probeScript(unitScript(wish.name, wish.scope, asksEnabled));
  const plan = (found: UnitFound, comes: boolean) =>
    found.init === 'sysv' && byScript !== undefined
      ? byScript(found)
      : planUnit(wish, call, found, comes);
  if (!call.checkMode) return ask({ unit }, (found) => plan(readUnit(found.unit), false));
  const own = probePath(`/etc/systemd/system/${file}`);
  return ask({ unit, own }, (found) => plan(readUnit(found.unit), found.own.predicted === true));
}

/** Plans from what was found; `comes` when check mode predicts its file. */
export function planUnit(wish: UnitWish, call: Call, found: UnitFound, comes = false): Planned {
  const { name, masked } = wish;
  const error = found.status.get('LoadError');
  const isMasked = found.status.get('LoadState') === 'masked';
  if (found.isUnit && !isMasked && error !== undefined)
    return fail(`Error loading unit file '${name}': ${error}`);
  const wasMasked = found.enabledWords[0] === 'masked';
  if (masked !== undefined && masked !== wasMasked) return planMask(wish, call, found, masked);
  return planRest(wish, call, found, { comes, changes: [] });
}

function planMask(wish: UnitWish, call: Call, found: UnitFound, masked: boolean): Planned {
  const changes = [`${masked ? 'masked' : 'unmasked'} ${wish.name}`];
  const rest = planRest(wish, call, found, { comes: false, changes });
  const result =
    rest.kind === 'done' ? rest.result : rest.kind === 'act' ? rest.expected : undefined;
  return alter({
    actions: [control(wish, masked ? 'mask' : 'unmask')],
    result: result ?? { changed: true, changes },
    ...('predict' in rest && rest.predict && { predict: rest.predict }),
    failure: (ran) =>
      found.isUnit || found.isInitScript ? complaintOf(ran) : missingText(wish.name),
    // masking changes what the unit is: look again
    next: () =>
      wish.enabled === undefined && wish.state === undefined
        ? done(result ?? { changed: true, changes })
        : ask({ unit: probeScript(unitScript(wish.name, wish.scope, true)) }, (again) =>
            planRest(wish, call, readUnit(again.unit), { comes: false, changes }),
          ),
  });
}

function planRest(
  wish: UnitWish,
  call: Call,
  found: UnitFound,
  so: { readonly comes: boolean; readonly changes: readonly string[] },
): Planned {
  const { name, enabled, state } = wish;
  const needsUnit = enabled !== undefined || state !== undefined;
  if (needsUnit && !found.isUnit && !found.isInitScript) {
    const mayCome = call.checkMode && (so.comes || call.predictsAny('package:'));
    return mayCome ? expectUnit(wish) : fail(missingText(name));
  }
  const steps = [...enableSteps(wish, call, found), ...stateSteps(wish, call, found)];
  const offline = state !== undefined && !found.status.has('ActiveState');
  const changes = [...so.changes, ...steps.map(({ change }) => change)];
  const warnings = [
    ...(found.isInitScript && !found.isUnit
      ? [`The service (${name}) is actually an init script but the system is managed by systemd`]
      : []),
    ...(offline
      ? [
          'Target is a chroot or systemd is offline. This can lead to false positives or prevent the init system tools from working.',
        ]
      : []),
  ];
  const result = {
    changed: changes.length > 0,
    values: valuesOf(wish, found, steps),
    changes,
    ...(warnings.length > 0 && { warnings }),
  };
  return steps.length === 0 ? done(result) : carryOut(wish, steps, result);
}

function carryOut(wish: UnitWish, steps: readonly Step[], result: ModuleResult): Planned {
  const { name } = wish;
  const actions: Action[] = steps.map(({ verb }) => control(wish, verb));
  return alter({
    actions,
    result,
    predict: predictUnit(wish),
    failure: (ran, index) =>
      `Unable to ${steps[index]?.verb ?? ''} service ${name}: ${complaintOf(ran)}`,
  });
}

function control(wish: UnitWish, verb: string): Action {
  const { words, setup } = scopeWords(wish.scope);
  const flags = [
    ...words,
    ...(wish.noBlock ? ['--no-block'] : []),
    ...(wish.force ? ['--force'] : []),
  ];
  return script(sh`${{ script: setup }}systemctl ${[...flags, verb, '--', wish.name]}`);
}

function valuesOf(
  { name, state, enabled, scope }: UnitWish,
  found: UnitFound,
  steps: readonly Step[],
) {
  const entries: [string, Value][] = [
    ['name', name],
    ['status', makeVars(found.status)],
  ];
  const flips = steps.some(({ verb }) => verb === 'enable' || verb === 'disable');
  if (enabled !== undefined) entries.push(['enabled', flips ? enabled : isEnabled(found, scope)]);
  if (state !== undefined) entries.push(['state', state === 'stopped' ? state : 'started']);
  return makeVars(entries);
}

// check mode: what will be installed by then brings the service
function expectUnit(wish: UnitWish): Planned {
  const { name } = wish;
  const note = `${name} is not there yet; what is installed before it may bring it`;
  return done({ changed: true, values: { name }, changes: [note] }, predictUnit(wish));
}

function predictUnit({ name, state, enabled }: UnitWish): Prediction[] {
  const bare = bareName(name);
  return [
    ...(state === undefined ? [] : [{ thing: `service:${bare}`, present: state !== 'stopped' }]),
    ...(enabled === undefined ? [] : [{ thing: `enabled:${bare}`, present: enabled }]),
  ];
}

function missingText(name: string): string {
  return `Could not find the requested service ${name}: host`;
}
