import {
  holdsJinja,
  isTemplate,
  makeTemplate,
  type PlayValue,
  type PlayVars,
  type Template,
  textOf,
} from '../model/play-value.ts';
import type { PlayLoading } from './loading.ts';

/** A text whose variables are known before any host is asked: extra variables, and those handed in. Undefined when one is not. */
export function staticText(
  value: PlayValue,
  vars: PlayVars,
  play: PlayLoading,
): string | undefined {
  if (isTemplate(value)) return renderStatic(value, vars, play);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return undefined;
}

function renderStatic(template: Template, vars: PlayVars, play: PlayLoading): string | undefined {
  const { extraVars, rim } = play.loading;
  const known: PlayVars = { playbook_dir: play.folder, ...vars, ...extraVars };
  return rim.renderName?.(template, known) ?? replaceNames(textOf(template), known, 0);
}

/** Replaces plain `{{ name }}`; undefined when anything else is in braces, or a name is unknown or no text. */
function replaceNames(text: string, vars: PlayVars, depth: number): string | undefined {
  if (depth > 10) return undefined;
  let isKnown = true;
  const replaced = text.replace(/\{\{-?\s*([a-zA-Z_]\w*)\s*-?\}\}/g, (_, name: string) => {
    const found = plainText(Object.hasOwn(vars, name) ? vars[name] : undefined, vars, depth);
    if (found === undefined) isKnown = false;
    return found ?? '';
  });
  return isKnown && !holdsJinja(replaced) ? replaced : undefined;
}

function plainText(
  value: PlayValue | undefined,
  vars: PlayVars,
  depth: number,
): string | undefined {
  if (isTemplate(value)) return replaceNames(textOf(value), vars, depth + 1);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** Text as a template when it holds Jinja2. */
export function asPlayText(text: string, at: Template['at']): PlayValue {
  return holdsJinja(text) ? makeTemplate(text, at) : text;
}
