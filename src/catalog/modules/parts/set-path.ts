import { type Script, sh } from '../../../model/command.ts';
import {
  type AnyProbe,
  ask,
  type Call,
  type ModuleResult,
  type PathState,
  type Planned,
  probeScript,
  type Ran,
} from '../../../model/module.ts';
import type { Value } from '../../../model/value.ts';
import { type PathFacts, printFacts, readFacts } from './file-result.ts';
import {
  differsInTime,
  keepsTimes,
  readSeconds,
  secondsScript,
  touchLines,
  type WishedTimes,
} from './file-times.ts';
import { lookUpIds } from './look-up-ids.ts';
import { alter } from './outcome.ts';
import {
  type AttributeWish,
  attributeTrouble,
  factsOf,
  planAttributes,
  saidBy,
  wishLines,
} from './path-attributes.ts';
import { script } from './script-action.ts';

/** What was, or would be, altered at a path. */
export interface SetPath {
  readonly changed: boolean;
  readonly facts: PathFacts;
  readonly before: { readonly [name: string]: Value };
  readonly after: { readonly [name: string]: Value };
  readonly changes: readonly string[];
}

interface Setting {
  readonly state: PathState;
  readonly wish: AttributeWish;
  readonly times: WishedTimes;
  readonly call: Call;
  /** Makes the path first: then there is something to alter in any case. `state` is what it will be. */
  readonly make?: Script;
  readonly made?: string;
  result(set: SetPath): ModuleResult;
  /** The sentence for a path that could not be made. */
  unmade?(ran: Ran): string;
}

/** Gives a path its owner, group, bits and times, after it was made where that is needed. */
export function setPath(setting: Setting): Planned {
  const { state, wish, call, times } = setting;
  const known = setting.make ? [] : [state];
  return lookUpIds(known, wish, call, (ids) => {
    const isTimed = typeof times.mtime !== 'string' || typeof times.atime !== 'string';
    if (!isTimed) return plan(setting, ids, { mtime: undefined, atime: undefined });
    const probes: { seconds: AnyProbe } = { seconds: probeScript(secondsScript(times)) };
    return ask(probes, ({ seconds }) => plan(setting, ids, readSeconds((seconds as Ran).stdout)));
  });
}

function plan(
  setting: Setting,
  ids: Parameters<typeof planAttributes>[2],
  seconds: ReturnType<typeof readSeconds>,
): Planned {
  const { state, wish, times, make, made } = setting;
  const attributes = planAttributes(factsOf(state), wish, ids);
  const isTouched =
    !keepsTimes(times) && (make !== undefined || differsInTime(state, times, seconds));
  const set: SetPath = {
    ...attributes,
    changed: attributes.changed || isTouched || make !== undefined,
    changes: [
      ...(made === undefined ? [] : [made]),
      ...attributes.changes.map((change) => `${state.path}: ${change}`),
      ...(isTouched && make === undefined ? [`${state.path}: times`] : []),
    ],
  };
  const warned = (result: ModuleResult): ModuleResult =>
    ids.warnings ? { ...result, warnings: ids.warnings } : result;
  if (!set.changed) return { kind: 'done', result: warned(setting.result(set)) };
  return alter({
    actions: [script(setCommand(setting, attributes.script, isTouched))],
    result: warned(setting.result(set)),
    predict: [{ path: state.path, state: { ...attributes.facts, realPath: state.path } }],
    failureValues: () => ({}),
    failure: (ran) => troubleOf(ran, setting),
    next: (ran) => {
      const facts = readFacts(ran.at(-1)?.stdout ?? '') ?? set.facts;
      return { kind: 'done', result: warned(setting.result({ ...set, facts })) };
    },
  });
}

function setCommand(
  { state, make, times, wish }: Setting,
  attributes: Script | undefined,
  isTouched: boolean,
) {
  const lines: Script = {
    script: [
      make?.script ?? '',
      make
        ? wishLines(state.kind === 'link' ? { ...wish, mode: undefined } : wish).script
        : (attributes?.script ?? ''),
      isTouched ? touchLines(times) : '',
    ].join('\n'),
  };
  return sh`lab_path=${state.path}
${lines}
${printFacts}`;
}

function troubleOf(ran: Ran, { wish, unmade, state }: Setting): string {
  if (ran.exitCode === 60) return unmade?.(ran) ?? saidBy(ran);
  if (ran.exitCode === 69)
    return `Error while updating modification or access time: ${saidBy(ran)}`;
  return ran.exitCode >= 61 && ran.exitCode <= 63
    ? attributeTrouble(ran, wish)
    : `${state.path}: ${saidBy(ran)}`;
}
