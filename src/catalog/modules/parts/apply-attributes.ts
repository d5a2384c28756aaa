import { sh } from '../../../model/command.ts';
import type { Call, ModuleResult, PathState, Planned } from '../../../model/module.ts';
import { type PathFacts, printFacts, readFacts } from './file-result.ts';
import { lookUpIds } from './look-up-ids.ts';
import { alter } from './outcome.ts';
import {
  type AttributePlan,
  type AttributeWish,
  attributeTrouble,
  factsOf,
  planAttributes,
} from './path-attributes.ts';
import { script } from './script-action.ts';

interface Application {
  readonly state: PathState;
  readonly wish: AttributeWish;
  readonly call: Call;
  result(left: { readonly facts: PathFacts; readonly plan: AttributePlan }): ModuleResult;
}

/** Gives a path that is there its wished owner, group and bits; nothing is done where it has them. */
export function applyAttributes({ state, wish, call, result }: Application): Planned {
  return lookUpIds([state], wish, call, (ids) => {
    const plan = planAttributes(factsOf(state), wish, ids);
    if (!plan.script) return { kind: 'done', result: result({ facts: plan.facts, plan }) };
    return alter({
      actions: [
        script(sh`lab_path=${state.path}
${plan.script}
${printFacts}`),
      ],
      result: result({ facts: plan.facts, plan }),
      predict: [{ path: state.path, state: plan.facts }],
      failureValues: () => ({}),
      failure: (ran) => attributeTrouble(ran, wish),
      next: (ran) => ({
        kind: 'done',
        result: result({ facts: readFacts(ran.at(-1)?.stdout ?? '') ?? plan.facts, plan }),
      }),
    });
  });
}
