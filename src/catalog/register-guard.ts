import { foldWidth, tidyText } from '../model/tidy-text.ts';
import { guardFormula, unguardFormula } from './formula-guard.ts';
import { isDitto } from './register-words.ts';

/** Puts an apostrophe before a value of the register that a spreadsheet would take for a formula, or the import for "same as above" or a ruined number. */
export function guardValue(text: string): string {
  return isMisread(text) ? `'${text}` : guardFormula(text);
}

/** The same for a cell that is a text already and no formula: only what the import would read otherwise is guarded. */
export function guardTextCell(text: string): string {
  return isMisread(text) || unguardFormula(text) !== text ? `'${text}` : text;
}

/** Takes back what the guards did; any other text stays as it is. */
export function unguardValue(text: string): string {
  return text.startsWith("'") && isMisread(text) ? text.slice(1) : unguardFormula(text);
}

/** What Excel shows in place of a long number (`1.23E+11`). */
export function isShortened(text: string): boolean {
  return /^\d(?:[.,]\d+)?E\+\d{1,3}$/i.test(text);
}

/** Apostrophes before it count too, so that taking one off gives back the text in every case. */
function isMisread(text: string): boolean {
  const plain = tidyText(foldWidth(text)).replace(/^'+/, '');
  return isDitto(plain) || isShortened(plain);
}
