import { anyText } from '../arguments.ts';
import { compare, compareText, isTrue } from '../compare.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { compareStandardVersions } from '../standard-version.ts';
import { fail, isUndefined, type Py } from '../values.ts';

const operators: { readonly [sign: string]: (order: number) => boolean } = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};
const spellings: { readonly [sign: string]: string } = {
  '==': 'eq',
  '=': 'eq',
  '!=': 'ne',
  '<>': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/** Numbers and words of a version; dots only part them. */
function looseParts(version: string): Py[] {
  const parts = version.match(/\d+|[a-z]+|[^\da-z.]+/g) ?? [];
  return parts.map((part) => (/^\d/.test(part) ? Number(part) : part));
}

function strictParts(version: string): Py[] {
  const found = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(version);
  if (!found) return fail(`Version comparison failed: invalid version number '${version}'`);
  const [, major, minor, patch = '0', word, number] = found;
  // a release comes after its alphas and betas
  return [Number(major), Number(minor), Number(patch), word ?? 'final', Number(number ?? 0)];
}

function compareSemantic(a: string, b: string): number {
  const parse = (version: string): { numbers: Py[]; pre: string[] | undefined } => {
    const found = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(version);
    if (!found) return fail(`Version comparison failed: invalid semantic version '${version}'`);
    return { numbers: found.slice(1, 4).map(Number), pre: found[4]?.split('.') };
  };
  const [x, y] = [parse(a), parse(b)];
  const order = compare(x.numbers, y.numbers) ?? 0;
  if (order !== 0 || (!x.pre && !y.pre)) return order;
  if (!x.pre || !y.pre) return x.pre ? -1 : 1;
  for (let at = 0; at < Math.min(x.pre.length, y.pre.length); at++) {
    const parts = comparePre(x.pre[at] ?? '', y.pre[at] ?? '');
    if (parts !== 0) return parts;
  }
  return x.pre.length - y.pre.length;
}

function comparePre(a: string, b: string): number {
  const [isA, isB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isA && isB) return Number(a) - Number(b);
  return isA === isB ? compareText(a, b) : isA ? -1 : 1;
}

function order(a: string, b: string, type: string): number {
  switch (type) {
    case 'loose':
      return compareLoose(looseParts(a), looseParts(b));
    case 'strict':
      return compare(strictParts(a), strictParts(b)) ?? 0;
    case 'semver':
    case 'semantic':
      return compareSemantic(a, b);
    case 'pep440':
      return compareStandardVersions(a, b);
    default:
      return fail(
        `Invalid version type (${type}). Must be one of loose, strict, semver, semantic, pep440`,
      );
  }
}

function compareLoose(a: Py[], b: Py[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  const [x, y] = [a[at], b[at]];
  if (x !== undefined && y !== undefined && typeof x !== typeof y)
    fail(`Version comparison failed: '<' not supported between a number and a word`);
  return compare(a, b) ?? 0;
}

const version = plugin(
  'value version operator= strict= version_type=',
  (_, [value, other, operator = 'eq', strict = null, type = null]) => {
    if (strict !== null && type !== null) fail("Cannot specify both 'strict' and 'version_type'");
    if (isUndefined(value) || isTrue(value) === false) {
      if (isUndefined(value)) return fail(value.message, value.name ?? '');
      return fail('Input version value cannot be empty');
    }
    if (!isTrue(other)) fail('Version parameter to compare against cannot be empty');
    const sign = anyText(operator);
    const judge = operators[spellings[sign] ?? sign];
    if (!judge) return fail(`Invalid operator type (${sign})`);
    const fallback = strict !== null && isTrue(strict) ? 'strict' : 'loose';
    return judge(order(anyText(value), anyText(other), type === null ? fallback : anyText(type)));
  },
);

export const versionTests: Plugins = { version, version_compare: version };
