import { escapeHidden } from '../model/display.ts';
import type { Value } from '../model/value.ts';

/** JSON text (RFC 8259) that is also safe to look at in a terminal: characters it would obey or hide are written as `\u` escapes, so nothing is lost. */
export function renderSafeJson(value: Value, indent = 0): string {
  return escapeHidden(JSON.stringify(value, null, indent), (found) =>
    found === '\n' ? found : escapeUnits(found),
  );
}

function escapeUnits(found: string): string {
  return Array.from(
    { length: found.length },
    (_, index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
