import { compare } from './compare.ts';
import { fail, type Py } from './values.ts';

const shape =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

const stages: { readonly [word: string]: number } = { a: 1, alpha: 1, b: 2, beta: 2 };
const last = Number.MAX_SAFE_INTEGER;

/** A version of Python's packaging standard (PEP 440) as a list that orders like it. */
function keyOf(version: string): Py[] {
  const found = shape.exec(version.trim().toLowerCase());
  if (!found) return fail(`Version comparison failed: Invalid version: '${version}'`);
  const [, epoch = '0', release = '', stage, stageNumber = '', implicit, post, postNumber, dev] =
    found;
  const hasPost = implicit !== undefined || post !== undefined;
  const pre = stage === undefined ? (dev && !hasPost ? -1 : last) : (stages[stage] ?? 3);
  return [
    Number(epoch),
    releaseOf(release),
    [pre, Number(stageNumber)],
    hasPost ? Number(implicit ?? postNumber ?? '') : -1,
    dev === undefined ? last : Number(found[9] ?? ''),
    localOf(found[10]),
  ];
}

/** Zeros at the end of a release do not count. */
function releaseOf(release: string): Py[] {
  const numbers = release.split('.').map(Number);
  while (numbers.length > 1 && numbers.at(-1) === 0) numbers.pop();
  return numbers;
}

function localOf(local: string | undefined): Py[] {
  const parts = local?.split(/[-_.]/) ?? [];
  return parts.map((part) => (/^\d+$/.test(part) ? [1, Number(part), ''] : [0, 0, part]));
}

/** Orders versions as PEP 440 does. */
export function compareStandardVersions(a: string, b: string): number {
  return compare(keyOf(a), keyOf(b)) ?? 0;
}
