import type { ModuleResult, PlayEffects } from '../../model/module.ts';
import { TemplateError } from '../../model/template-error.ts';
import type { Value } from '../../model/value.ts';
import type { PlayRun } from './play-run.ts';
import type { PreparedItem } from './prepared-item.ts';
import { isWrittenIn } from './trusted-text.ts';

/** Lets a module of the controller decide. */
export function decide(
  run: PlayRun,
  { module, ready, extra, scope, written }: Extract<PreparedItem, { kind: 'decide' }>,
): ModuleResult & { readonly effects?: PlayEffects } {
  return module.decide(ready.args, {
    ...ready.call,
    extra,
    parseVars: (source) => run.rim.parseVars(source),
    judge: (condition) => judgeValue(condition),
  });

  function judgeValue(condition: Value): boolean {
    if (typeof condition === 'boolean') return condition;
    const text = String(condition);
    if (text === 'True' || text === 'False') return text === 'True';
    if (typeof condition === 'string' && !isWrittenIn(written, text))
      throw new TemplateError(
        `'${text}' came out of a template and is no condition; write it without braces`,
      );
    return run.rim.templar.judge({ expression: text, at: undefined }, scope());
  }
}
