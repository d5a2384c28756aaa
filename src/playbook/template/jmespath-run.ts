import { compare, isEqual } from './compare.ts';
import { dictGet, dictSize, dictValues, makeDict } from './dict.ts';
import { sliceIndexes } from './iterate.ts';
import { callQueryFunction } from './jmespath-functions.ts';
import type { LogicQuery, Query } from './jmespath-parse.ts';
import { fail, isDict, isTuple, numberIn, type Py } from './values.ts';

function listIn(value: Py): readonly Py[] | undefined {
  if (Array.isArray(value)) return value;
  return isTuple(value) ? value.items : undefined;
}

/** What JMESPath takes for true: everything but null, false and what is empty. */
function holds(value: Py): boolean {
  if (value === null || value === false || value === '') return false;
  if (isDict(value)) return dictSize(value) > 0;
  return listIn(value)?.length !== 0;
}

/** Works a JMESPath expression out on a value. */
export function runQuery(query: Query, value: Py): Py {
  switch (query.kind) {
    case 'current':
      return value;
    case 'literal':
      return query.value;
    case 'field':
      return isDict(value) ? (dictGet(value, query.name) ?? null) : null;
    case 'index':
      return listIn(value)?.at(query.at) ?? null;
    case 'slice':
      return slice(listIn(value), query.bounds);
    case 'sub':
    case 'pipe': {
      const left = runQuery(query.left, value);
      return left === null && query.kind === 'sub' ? null : runQuery(query.right, left);
    }
    case 'each':
      return project(query, value);
    case 'compare':
      return compareValues(query.sign, runQuery(query.left, value), runQuery(query.right, value));
    case 'list':
      return value === null ? null : query.items.map((item) => runQuery(item, value));
    case 'hash':
      if (value === null) return null;
      return makeDict(query.entries.map(([name, item]) => [name, runQuery(item, value)] as const));
    case 'call':
      return callFunction(query, value);
    case 'reference':
      return fail('json_query: & stands only before an argument of sort_by and the like');
    default:
      return runLogic(query, value);
  }
}

function runLogic(query: LogicQuery, value: Py): Py {
  if (query.kind === 'not') return !holds(runQuery(query.value, value));
  const left = runQuery(query.left, value);
  return holds(left) === (query.kind === 'and') ? runQuery(query.right, value) : left;
}

function slice(items: readonly Py[] | undefined, bounds: readonly (number | undefined)[]): Py {
  if (!items) return null;
  const [start, stop, step = 1] = bounds;
  return sliceIndexes(items.length, start, stop, step).map((at) => items[at] ?? null);
}

function project(query: Extract<Query, { kind: 'each' }>, value: Py): Py {
  const left = runQuery(query.left, value);
  const members = membersOf(query, left);
  if (!members) return null;
  return members.map((member) => runQuery(query.right, member)).filter((item) => item !== null);
}

function membersOf(
  { of, test }: Extract<Query, { kind: 'each' }>,
  value: Py,
): readonly Py[] | undefined {
  if (of === 'values') return isDict(value) ? dictValues(value) : undefined;
  const items = listIn(value);
  if (of === 'flat') return items?.flatMap((item): readonly Py[] => listIn(item) ?? [item]);
  return test ? items?.filter((item) => holds(runQuery(test, item))) : items;
}

function compareValues(sign: string, left: Py, right: Py): Py {
  if (sign === '==') return isEqual(left, right);
  if (sign === '!=') return !isEqual(left, right);
  if (numberIn(left) === undefined || numberIn(right) === undefined) return null;
  const order = compare(left, right) ?? Number.NaN;
  if (sign === '<') return order < 0;
  if (sign === '<=') return order <= 0;
  return sign === '>' ? order > 0 : order >= 0;
}

function callFunction({ name, args }: Extract<Query, { kind: 'call' }>, value: Py): Py {
  const values = args.map((arg) => (arg.kind === 'reference' ? null : runQuery(arg, value)));
  const reference = args.find((arg) => arg.kind === 'reference');
  const read = (item: Py): Py =>
    reference?.kind === 'reference' ? runQuery(reference.value, item) : item;
  return callQueryFunction(name, values, read);
}
