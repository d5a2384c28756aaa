import type { Located, LocatedScalar } from '../model/located.ts';
import type { Condition } from '../model/play-value.ts';
import { holdsJinja } from '../model/play-value.ts';
import type { Position } from '../model/problem.ts';
import { typeValue } from '../model/yaml-value.ts';
import { isNothing, type PlayLoading, reportTo, seeText } from './loading.ts';
import { textPosition } from './type-values.ts';

/** Reads `when` and its like: one condition or a list of them, all of which must hold. */
export function readConditions(node: Located, word: string, play: PlayLoading): Condition[] {
  if (isNothing(node)) return [];
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => {
    const condition = readCondition(item, word, play);
    return condition === undefined ? [] : [condition];
  });
}

function readCondition(node: Located, word: string, play: PlayLoading): Condition | undefined {
  const report = reportTo(play.loading);
  if (node.kind !== 'scalar') {
    report(
      node,
      'bad-condition',
      `"${word}" is no condition`,
      'write an expression, or a list of them',
    );
    return undefined;
  }
  if (isNothing(node) || node.text.trim() === '') return undefined;
  const at = textPosition(node);
  const value = typeValue(node);
  if (typeof value === 'boolean') return { expression: value, at };
  const text = withoutBraces(node, word, play);
  if (text === undefined) return undefined;
  if (/^(?:true|false)$/i.test(text)) return { expression: text.toLowerCase() === 'true', at };
  if (isLiteral(text)) {
    const hint =
      'a condition must be true or false: compare it, or write | length > 0 for "not empty"';
    report(node, 'condition-not-boolean', `"${text}" is neither true nor false`, hint);
    return undefined;
  }
  return { expression: text, at: seeCondition(text, at, play) };
}

function seeCondition(text: string, at: Position, play: PlayLoading): Position {
  seeText(text, 'expression', at, play);
  return at;
}

/** `{{ x }}` as a whole condition is `x`; braces within one would be rendered twice, which is refused. */
function withoutBraces(node: LocatedScalar, word: string, play: PlayLoading): string | undefined {
  const text = node.text.trim();
  if (!holdsJinja(text)) return text;
  const report = reportTo(play.loading);
  const inner = /^\{\{-?((?:(?!\{\{|\}\}|\{%).)*?)-?\}\}$/s.exec(text)?.[1];
  if (inner === undefined) {
    const hint = 'a condition is an expression already: write the names without braces';
    report(node, 'braces-in-condition', `"${word}" has braces inside its expression`, hint);
    return undefined;
  }
  report(
    node,
    'braces-in-condition',
    `"${word}" has braces around its expression`,
    `write ${word}: ${inner.trim()}`,
    'warning',
  );
  return inner.trim();
}

/** A number or one quoted text: never a yes or no. */
function isLiteral(text: string): boolean {
  return /^[-+]?\d+(?:\.\d+)?$/.test(text) || /^(?:'[^'\\]*'|"[^"\\]*")$/.test(text);
}
