import { isLazy, isTemplate, isWholeFloat, type PlayValue } from '../../model/play-value.ts';

/** Whether a text stands in a value as a person wrote it, and did not come out of a template: only then it may be read as an expression. */
export function isWrittenIn(value: PlayValue, text: string): boolean {
  if (typeof value === 'string') return value === text;
  if (typeof value !== 'object' || value === null) return false;
  if (isTemplate(value) || isLazy(value) || isWholeFloat(value)) return false;
  return Object.values(value).some((item: PlayValue) => isWrittenIn(item, text));
}

/** Whether a text is a variable with attributes and subscripts, in which nothing is called. */
export function isPlainPath(text: string): boolean {
  return /^[A-Za-z_]\w*(?:\.\w+|\[(?:\d+|'[^'\\]*'|"[^"\\]*")\])*$/.test(text);
}
