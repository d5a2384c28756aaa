/** Compares `version` or `version-release` as rpm does (rpmvercmp): runs of digits before letters, `~` before the end, `^` after it. Negative when `a` is older. */
export function compareRpmVersions(a: string, b: string): number {
  const [versionA = '', releaseA] = splitRelease(a);
  const [versionB = '', releaseB] = splitRelease(b);
  const order = compareSegments(versionA, versionB);
  if (order !== 0 || releaseA === undefined || releaseB === undefined) return order;
  return compareSegments(releaseA, releaseB);
}

function splitRelease(text: string): [string, string | undefined] {
  const bare = text
    .replace(/^\d+:/, '')
    .replace(/\.(noarch|x86_64|aarch64|i[3-6]86|loongarch64)$/, '');
  const dash = bare.indexOf('-');
  return dash === -1 ? [bare, undefined] : [bare.slice(0, dash), bare.slice(dash + 1)];
}

const segments = (text: string): string[] => text.match(/\d+|[a-zA-Z]+|~|\^/g) ?? [];

function compareSegments(a: string, b: string): number {
  const [left, right] = [segments(a), segments(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareSegment(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareSegment(a: string | undefined, b: string | undefined): number {
  const order = rankOf(a) - rankOf(b);
  if (order !== 0 || a === undefined || b === undefined || a === b) return order;
  if (!/^\d/.test(a)) return a < b ? -1 : 1;
  const [digitsA, digitsB] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return digitsA.length - digitsB.length || (digitsA < digitsB ? -1 : Number(digitsA > digitsB));
}

/** `~` comes before the end, `^` after it, then letters, then digits. */
function rankOf(segment: string | undefined): number {
  if (segment === '~') return 0;
  if (segment === undefined) return 1;
  if (segment === '^') return 2;
  return /^\d/.test(segment) ? 4 : 3;
}
