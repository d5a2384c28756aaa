import { anyText, intArgument } from './arguments.ts';
import { callLookup } from './call-lookup.ts';
import { isTrue } from './compare.ts';
import { grow } from './context.ts';
import { dictEntries, makeDict } from './dict.ts';
import { itemsOf } from './iterate.ts';
import { entriesFrom } from './methods-of-dict.ts';
import { makeMoment } from './moment.ts';
import { type Plugins, plugin } from './plugin.ts';
import { clockOf, localClock, strftime } from './strftime.ts';
import {
  type Dict,
  fail,
  isText,
  isUndefined,
  makeUndefined,
  makeView,
  type Py,
  type Thing,
} from './values.ts';

/** Ranges longer than this are refused. */
const maxRange = 1_000_000;

const range = plugin('start stop= step=', (on, [first, second = null, third = 1]) => {
  const [start, stop] =
    second === null ? [0, intArgument(first)] : [intArgument(first), intArgument(second)];
  const step = intArgument(third);
  if (step === 0) fail('range() arg 3 must not be zero');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > maxRange) fail(`a range of more than ${maxRange} numbers is not made`);
  grow(on.run, length * 8);
  const text = `range(${start}, ${stop}${step === 1 ? '' : `, ${step}`})`;
  return makeView(
    'range',
    Array.from({ length }, (_, at) => start + at * step),
    text,
  );
});

/** An object whose fields `set` can alter from within loops. */
function makeNamespace(entries: Iterable<readonly [string, Py]>): Thing {
  const fields = new Map(entries);
  return {
    kind: 'thing',
    type: 'Namespace',
    get: (name) => fields.get(name),
    item: (name) => (isText(name) ? fields.get(name) : undefined),
    set: (name, value) => void fields.set(name, value),
  };
}

function method(call: NonNullable<Thing['call']>): Thing {
  return { kind: 'thing', type: 'method', call };
}

function makeCycler(items: readonly Py[]): Thing {
  if (items.length === 0) fail('at least one item has to be provided');
  let at = 0;
  const now = (): Py => items[at] ?? null;
  const go = (): Py => {
    const value = now();
    at = (at + 1) % items.length;
    return value;
  };
  const fields: { readonly [name: string]: () => Py } = {
    current: now,
    next: () => method(go),
    reset: () =>
      method(() => {
        at = 0;
        return null;
      }),
  };
  return {
    kind: 'thing',
    type: 'Cycler',
    get: (name) => (Object.hasOwn(fields, name) ? fields[name]?.() : undefined),
  };
}

function makeJoiner(between: string): Thing {
  let isUsed = false;
  return {
    kind: 'thing',
    type: 'Joiner',
    call: () => {
      if (isUsed) return between;
      isUsed = true;
      return '';
    },
  };
}

const now = plugin('utc= fmt=', (on, [utc = false, format = null]) => {
  const ms = on.engine.effects.nowMs();
  const clock = isTrue(utc) ? clockOf(ms) : localClock(ms);
  if (format !== null && format !== '') return strftime(anyText(format), clock);
  return makeMoment(isTrue(utc) ? ms : ms + (clock.offset ?? 0) * 60_000);
});

/** What templates can call without importing anything. */
export const globals: Plugins = {
  range,
  dict: plugin('other= **named', (_, [other, named]) =>
    makeDict([...entriesFrom(other), ...dictEntries(named as Dict)]),
  ),
  namespace: plugin('other= **named', (_, [other, named]) =>
    makeNamespace(
      [...entriesFrom(other), ...dictEntries(named as Dict)].map(([name, value]) => [
        String(name),
        value,
      ]),
    ),
  ),
  cycler: plugin('*items', (_, [items]) => makeCycler(itemsOf(items))),
  joiner: plugin('sep=', (_, [between = ', ']) => makeJoiner(anyText(between))),
  now,
  undef: plugin('hint=', (_, [hint = null]) =>
    makeUndefined(
      hint === null || hint === '' || isUndefined(hint)
        ? 'Mandatory variable has not been overridden'
        : anyText(hint),
      '',
    ),
  ),
  lookup: plugin('name *terms **named', (on, [name, terms, named]) =>
    callLookup(anyText(name), itemsOf(terms), named as Dict, on, false),
  ),
  query: plugin('name *terms **named', (on, [name, terms, named]) =>
    callLookup(anyText(name), itemsOf(terms), named as Dict, on, true),
  ),
  q: plugin('name *terms **named', (on, [name, terms, named]) =>
    callLookup(anyText(name), itemsOf(terms), named as Dict, on, true),
  ),
};
