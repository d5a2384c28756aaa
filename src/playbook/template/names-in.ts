import { syntaxTroubleOf } from './broken-syntax.ts';
import { freeNames } from './names.ts';
import { parseConditionText, parseTemplateText } from './parse-text.ts';

/** Names a template may look up, with `ansible_NAME` for facts it takes from `ansible_facts`; 'all' when its text does not tell. */
export function namesIn(text: string, as: 'template' | 'expression'): ReadonlySet<string> | 'all' {
  try {
    if (as === 'template') return freeNames(parseTemplateText(text, 'playbook').body);
    return text.trim() === '' ? new Set() : freeNames(parseConditionText(text).expression);
  } catch (error) {
    if (syntaxTroubleOf(error)) return new Set();
    throw error;
  }
}
