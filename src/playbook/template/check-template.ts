import { nearest } from '../../model/nearest.ts';
import type { Position, Problem } from '../../model/problem.ts';
import { syntaxTroubleOf } from './broken-syntax.ts';
import { filters } from './filters.ts';
import { lookups } from './lookups.ts';
import { parseConditionText, parseTemplateText } from './parse-text.ts';
import { placeIn } from './place.ts';
import { findPlugin, type Plugins } from './plugin.ts';
import type { Expression } from './syntax.ts';
import { tests } from './tests.ts';
import { visitBody, visitExpression } from './visit.ts';

/** Everything wrong in a template that shows before it is rendered: broken syntax, unknown filters, tests and lookups, braces in a condition. */
export function checkTemplate(
  text: string,
  as: 'template' | 'expression',
  at: Position,
): Problem[] {
  const problems: Problem[] = [];
  const report = (rule: string, offset: number, message: string, hint: string): void => {
    const severity = rule === 'braces-in-when' ? 'warning' : 'error';
    problems.push({ ...placeIn(text, offset, at), severity, rule, path: '', message, hint });
  };
  try {
    visitText(text, as, (node) => checkNode(node, report), report);
  } catch (error) {
    const trouble = syntaxTroubleOf(error);
    if (!trouble) throw error;
    report(trouble.rule, trouble.offset, trouble.message, trouble.hint);
  }
  return problems;
}

type Report = (rule: string, offset: number, message: string, hint: string) => void;

function visitText(
  text: string,
  as: 'template' | 'expression',
  see: (node: Expression) => void,
  report: Report,
): void {
  if (as === 'template') {
    visitBody(parseTemplateText(text, 'playbook').body, see);
    return;
  }
  if (text.trim() === '') return;
  const { expression, hasBraces } = parseConditionText(text);
  if (hasBraces) report('braces-in-when', 0, 'a condition needs no {{ }}', 'leave the braces out');
  visitExpression(expression, see);
}

function checkNode(node: Expression, report: Report): void {
  if (node.kind === 'filter') {
    checkName('filter', filters, node.name, node.at, report);
    checkNamed(node, report);
  } else if (node.kind === 'test') checkName('test', tests, node.name, node.at, report);
  else if (node.kind === 'call' && node.callee.kind === 'name') checkLookup(node, report);
}

/** Filters and tests that are named by a text, as in `map('upper')` and `selectattr('a', 'defined')`. */
function checkNamed(node: Extract<Expression, { kind: 'filter' }>, report: Report): void {
  const place = /^(?:select|reject)attr$/.test(node.name) ? 1 : 0;
  const named = node.args.positional[place];
  if (named?.kind !== 'const' || typeof named.value !== 'string') return;
  if (node.name === 'map') checkName('filter', filters, named.value, named.at, report);
  if (/^(?:select|reject)(?:attr)?$/.test(node.name))
    checkName('test', tests, named.value, named.at, report);
}

function checkLookup(node: Extract<Expression, { kind: 'call' }>, report: Report): void {
  const [first] = node.args.positional;
  const isLookup = node.callee.kind === 'name' && /^(?:lookup|query|q)$/.test(node.callee.name);
  if (isLookup && first?.kind === 'const' && typeof first.value === 'string')
    checkName('lookup', lookups, first.value, first.at, report);
}

function checkName(
  what: 'filter' | 'test' | 'lookup',
  known: Plugins,
  name: string,
  offset: number,
  report: Report,
): void {
  if (findPlugin(known, name)) return;
  const meant = nearest(name, Object.keys(known));
  const hint = meant === undefined ? `Labkit has no such ${what}` : `did you mean ${meant}?`;
  report(`unknown-${what}`, offset, `there is no ${what} "${name}"`, hint);
}
