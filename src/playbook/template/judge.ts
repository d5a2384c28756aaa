import type { Condition, Scope } from '../../model/play-value.ts';
import { TemplateError } from '../../model/template-error.ts';
import { makeContext, type Run } from './context.ts';
import { placeIn } from './place.ts';

/** Judges a condition; what cannot be judged is thrown in Ansible's words. */
export function judgeCondition({ expression, at }: Condition, scope: Scope, run: Run): boolean {
  if (typeof expression === 'boolean') return expression;
  if (expression.trim() === '') return true;
  const context = makeContext(run, scope);
  try {
    const { judge } = run.engine.preparation.condition(expression, at);
    return judge({ vars: new Map(), parent: undefined, context });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const settled = settleUndefined(expression, error.undefinedName);
    if (settled !== undefined) return settled;
    const place = error.at ?? (at && placeIn(expression, context.at, at));
    throw new TemplateError(messageOf(expression, error), place, error.undefinedName);
  }
}

function messageOf(expression: string, { message, undefinedName }: TemplateError): string {
  const inner =
    undefinedName === undefined
      ? message
      : `error while evaluating conditional (${expression}): ${message}`;
  return `The conditional check '${expression}' failed. The error was: ${inner}`;
}

/**
 * A condition that asks somewhere whether the name is defined is answered by that question, although it used the name before
 * (`x == 1 and x is defined`), as Ansible 2.14 does.
 */
function settleUndefined(expression: string, name: string | undefined): boolean | undefined {
  if (name === undefined || name === '') return undefined;
  const questions = expression.matchAll(/(\w+)\s+(not\s+is|is|is\s+not)\s+(defined|undefined)/g);
  for (const [, asked, how = '', state] of questions)
    if (asked === name) return how.includes('not') === (state === 'defined');
  return undefined;
}
