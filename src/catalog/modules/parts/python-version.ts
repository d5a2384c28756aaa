interface Parsed {
  readonly epoch: number;
  readonly release: readonly number[];
  /** What orders after the release: pre (a, b, rc), post and dev releases as numbers. */
  readonly pre: readonly [number, number] | undefined;
  readonly post: number | undefined;
  readonly dev: number | undefined;
  readonly local: string;
}

const pattern =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:[-_.]?dev[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;
const phases: { readonly [word: string]: number } = {
  a: 0,
  alpha: 0,
  b: 1,
  beta: 1,
  c: 2,
  rc: 2,
  pre: 2,
  preview: 2,
};

function parse(text: string): Parsed | undefined {
  const found = pattern.exec(text.trim().toLowerCase());
  if (found === null) return undefined;
  const [, epoch = '0', release = '', phase, number, dash, post, dev, local = ''] = found;
  return {
    epoch: Number(epoch),
    release: release.split('.').map(Number),
    pre: phase === undefined ? undefined : [phases[phase] ?? 0, Number(number)],
    post: dash === undefined && post === undefined ? undefined : Number(dash ?? post),
    dev: dev === undefined ? undefined : Number(dev),
    local,
  };
}

/** Compares two versions of Python packages (PEP 440); undefined when one of them is none. Negative when `a` is older. */
export function comparePythonVersions(a: string, b: string): number | undefined {
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined) return undefined;
  const order =
    left.epoch - right.epoch ||
    compareLists(left.release, right.release) ||
    compareLists(rank(left), rank(right));
  if (order !== 0 || left.local === right.local) return order;
  return left.local < right.local ? -1 : 1;
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = (a[index] ?? 0) - (b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** A lone dev release comes before pre-releases, these before the release, post-releases after it. */
function rank({ pre, post, dev }: Parsed): number[] {
  const isLoneDev = pre === undefined && post === undefined && dev !== undefined;
  const phase = pre === undefined ? (isLoneDev ? -1 : 3) : pre[0];
  return [
    phase,
    pre?.[1] ?? 0,
    post === undefined ? -1 : post,
    dev === undefined ? Number.MAX_SAFE_INTEGER : dev,
  ];
}

/** Whether a version is within specifiers such as `>=1.0,!=1.3.*,~=1.2`; undefined when they cannot be judged here. */
export function fitsPythonSpecifiers(version: string, specifiers: string): boolean | undefined {
  let fits = true;
  for (const part of specifiers.split(',').map((text) => text.trim())) {
    if (part === '') continue;
    const [, operator = '', wanted = ''] = /^(===|~=|==|!=|<=|>=|<|>)\s*(.+)$/.exec(part) ?? [];
    const judged = fitsOne(version, operator, wanted.trim());
    if (judged === undefined) return undefined;
    fits &&= judged;
  }
  return fits;
}

function fitsOne(version: string, operator: string, wanted: string): boolean | undefined {
  if (operator === '===') return version === wanted;
  if (operator === '~=') {
    const start = wanted.replace(/\.\d+$/, '');
    const [newer, same] = [fitsOne(version, '>=', wanted), fitsOne(version, '==', `${start}.*`)];
    return newer === undefined || same === undefined ? undefined : newer && same;
  }
  if (wanted.endsWith('.*')) {
    const same = startsWithRelease(version, wanted.slice(0, -2));
    return same === undefined ? undefined : operator === '!=' ? !same : same;
  }
  // a local part such as +cu118 counts only where one is asked for
  const order = comparePythonVersions(
    wanted.includes('+') ? version : version.replace(/\+.*$/, ''),
    wanted,
  );
  return order === undefined ? undefined : judges[operator]?.(order);
}

const judges: { readonly [operator: string]: (order: number) => boolean } = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
};

function startsWithRelease(version: string, start: string): boolean | undefined {
  const [left, right] = [parse(version), parse(start)];
  if (left === undefined || right === undefined) return undefined;
  return (
    left.epoch === right.epoch &&
    right.release.every((part, index) => part === (left.release[index] ?? 0))
  );
}
