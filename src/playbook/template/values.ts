import { isWholeFloat, makeFloat, numberOf, type WholeFloat } from '../../model/play-value.ts';
import { TemplateError } from '../../model/template-error.ts';

/**
 * A value while templates are worked out, with Python's types: whole numbers are ints (bigints where a number would not be exact), `WholeFloat` and fractions are floats, arrays are lists.
 * Nothing in it is a JavaScript object that an expression could reach into.
 */
export type Py =
  | null
  | boolean
  | number
  | bigint
  | string
  | WholeFloat
  | Py[]
  | Tuple
  | Dict
  | View
  | Undef
  | Thing;

export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Py[];
  /** What the members are also known by, as `grouper` and `list` of `groupby`. */
  readonly names?: readonly string[];
}

/** What a dict's keys may be here. */
export type Key = string | number | bigint | boolean | null;

/** A mapping in insertion order. One that came from variables is read from its `source` until it is altered. */
export interface Dict {
  readonly kind: 'dict';
  map: Map<Key, Py> | undefined;
  readonly source: DictSource | undefined;
}

/** Where a mapping's values are made when they are asked for. */
export interface DictSource {
  get(key: string): Py | undefined;
  keys(): readonly string[];
  /** The message for a key it has not, where it is not the usual one. */
  missing?(key: string): string;
}

/** What `dict.items()`, `range()` and the like give: iterable, and a list as soon as it leaves the expression. `type` is Python's word for it. */
export interface View {
  readonly kind: 'view';
  readonly type: string;
  readonly items: readonly Py[];
  readonly text?: string;
}

/** What is not defined; using it in any way but `default` and `is defined` fails with its message. */
export interface Undef {
  readonly kind: 'undefined';
  readonly message: string;
  readonly name: string | undefined;
  /** What `a if b` gives when `b` does not hold: it prints as nothing and is false, instead of failing. */
  readonly isEmpty?: true;
}

/** Arguments of a call. */
export interface Args {
  readonly positional: readonly Py[];
  readonly named: ReadonlyMap<string, Py>;
}

/** Anything else: macros, `loop`, namespaces, points in time. `type` is Python's word for it. */
export interface Thing {
  readonly kind: 'thing';
  readonly type: string;
  get?(name: string): Py | undefined;
  set?(name: string, value: Py): void;
  item?(key: Py): Py | undefined;
  call?(args: Args): Py;
  /** As Python's `str()`; things without it cannot be printed. */
  text?(): string;
  /** As Python's `repr()`, where it is not the same. */
  repr?(): string;
  items?(): readonly Py[];
  /** The time of a `datetime` in milliseconds, the length of a `timedelta`. */
  readonly ms?: number;
}

/** Ends the evaluation with a message; the place is added where it is known. */
export function fail(message: string, undefinedName?: string): never {
  throw new TemplateError(message, undefined, undefinedName);
}

export function makeUndefined(message: string, name?: string): Undef {
  return { kind: 'undefined', message, name };
}

/** A value, or another where there is none; None is a value, so that `??` will not do. */
export function orElse(value: Py | undefined, other: () => Py): Py {
  return value === undefined ? other() : value;
}

export function isUndefined(value: Py): value is Undef {
  return kindOf(value) === 'undefined';
}

/** The result of an inline `if` without `else` that does not hold. */
export const nothing: Undef = {
  kind: 'undefined',
  message: 'the inline if-expression evaluated to false and no else section was defined.',
  name: undefined,
  isEmpty: true,
};

/** Fails for what is not defined. */
export function defined(value: Py): Exclude<Py, Undef> {
  return isUndefined(value) ? fail(value.message, value.name ?? '') : (value as Exclude<Py, Undef>);
}

export type Kind =
  | 'none'
  | 'bool'
  | 'int'
  | 'float'
  | 'str'
  | 'list'
  | 'tuple'
  | 'dict'
  | 'view'
  | 'undefined'
  | 'thing';

/** Which of Python's types a value has. */
export function kindOf(value: Py): Kind {
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    default:
      if (value === null) return 'none';
      if (Array.isArray(value)) return 'list';
      return isWholeFloat(value) ? 'float' : value.kind;
  }
}

const typeNames: Readonly<Record<Kind, string>> = {
  none: 'NoneType',
  bool: 'bool',
  int: 'int',
  float: 'float',
  str: 'str',
  list: 'list',
  tuple: 'tuple',
  dict: 'dict',
  view: 'view',
  undefined: 'AnsibleUndefined',
  thing: 'object',
};

/** Python's name of a value's type, as `type_debug` and error messages say it. */
export function typeName(value: Py): string {
  const kind = kindOf(value);
  return kind === 'view' || kind === 'thing' ? (value as View | Thing).type : typeNames[kind];
}

export function isDict(value: Py): value is Dict {
  return kindOf(value) === 'dict';
}
export function isThing(value: Py): value is Thing {
  return kindOf(value) === 'thing';
}
export function isTuple(value: Py): value is Tuple {
  return kindOf(value) === 'tuple';
}
export function isText(value: Py): value is string {
  return typeof value === 'string';
}

export function makeTuple(items: readonly Py[]): Tuple {
  return { kind: 'tuple', items };
}
export function makeView(type: string, items: readonly Py[], text?: string): View {
  return { kind: 'view', type, items, ...(text !== undefined && { text }) };
}

/** The number behind an int (the nearest one for those beyond 2^53), a float or a bool; undefined for anything else. */
export function numberIn(value: Py): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  return isWholeFloat(value) ? numberOf(value) : undefined;
}

export function isFloat(value: Py): boolean {
  return kindOf(value) === 'float';
}

/** A float, or a whole number. */
export function makeNumber(value: number, float: boolean): Py {
  if (float) return makeFloat(value);
  if (!Number.isFinite(value)) fail('cannot convert float infinity or NaN to integer');
  if (!Number.isSafeInteger(value)) return BigInt(value);
  return value === 0 ? 0 : value;
}
