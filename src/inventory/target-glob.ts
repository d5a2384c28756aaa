/** One item of a wildcard pattern: any run of characters, or one character that fits. */
type Item = 'any' | ((character: string) => boolean);

/** True when a text has signs that `parseGlob` gives a meaning to. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** Reads a shell wildcard pattern as Python's `fnmatch` does (`*`, `?`, `[a-f]`, `[!a-f]`) into a test that takes linear time for each `*`. */
export function parseGlob(pattern: string): (text: string) => boolean {
  const items = readItems(pattern);
  return (text) => matchItems(items, [...text]);
}

function readItems(pattern: string): Item[] {
  const items: Item[] = [];
  const parts = /\[(!?\]?[^\]]*)\]|([\s\S])/gu;
  for (const [, members, character = ''] of pattern.matchAll(parts)) {
    if (members !== undefined) items.push(readClass(members));
    else if (character === '?') items.push(() => true);
    else if (character !== '*') items.push((other) => other === character);
    else if (items.at(-1) !== 'any') items.push('any');
  }
  return items;
}

function readClass(text: string): Item {
  const isNegated = text.startsWith('!');
  const members = [...text.slice(isNegated ? 1 : 0)];
  const ranges: [string, string][] = [];
  for (let at = 0; at < members.length; at++) {
    const first = members[at] ?? '';
    const last = members[at + 1] === '-' ? members[at + 2] : undefined;
    ranges.push([first, last ?? first]);
    if (last !== undefined) at += 2;
  }
  return (character) =>
    ranges.some(([first, last]) => first <= character && character <= last) !== isNegated;
}

/** Goes back to the last `*` only: earlier ones never need to be tried again. */
function matchItems(items: readonly Item[], text: readonly string[]): boolean {
  let item = 0;
  let at = 0;
  let star = -1;
  let tried = 0;
  while (at < text.length) {
    const current = items[item];
    if (current === 'any') {
      star = item++;
      tried = at;
    } else if (current?.(text[at] ?? '')) {
      item++;
      at++;
    } else if (star === -1) return false;
    else {
      item = star + 1;
      at = ++tried;
    }
  }
  return items.slice(item).every((rest) => rest === 'any');
}
