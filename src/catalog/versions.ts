/** Compares two package versions as dpkg does (deb-version(7), "Sorting algorithm"); rpm agrees for all but odd cases. Negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  return (
    left.epoch - right.epoch ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

function split(version: string) {
  const [, epoch = '0', rest = version] = /^(\d+):(.*)$/.exec(version) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch: Number(epoch),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? '' : rest.slice(dash + 1),
  };
}

/** Letters before digits in turns; `~` sorts before the end, letters before other signs. */
function comparePart(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => [...text.matchAll(/(\D*)(\d*)/g)]);
  const turns = Math.max(left?.length ?? 0, right?.length ?? 0);
  for (let turn = 0; turn < turns; turn++) {
    const [, signsA = '', digitsA = ''] = left?.[turn] ?? [];
    const [, signsB = '', digitsB = ''] = right?.[turn] ?? [];
    const difference = compareSigns(signsA, signsB) || compareDigits(digitsA, digitsB);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareSigns(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = weightOf(a[index]) - weightOf(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function weightOf(sign: string | undefined): number {
  if (sign === undefined) return 0;
  if (sign === '~') return -1;
  const code = sign.charCodeAt(0);
  return /[a-z]/i.test(sign) ? code : code + 256;
}

function compareDigits(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.replace(/^0+/, ''));
  if (left === undefined || right === undefined) return 0;
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}
