import { nearest } from './nearest.ts';
import { isMapping, type Value } from './value.ts';

/** How one argument of a module is read. `undefined` stands for an argument nobody wrote. */
export interface Arg<T> {
  readonly type: string;
  readonly required: boolean;
  readonly fallback: T;
  readonly aliases: readonly string[];
  readonly choices?: readonly string[];
  /** Its value is masked wherever something is shown (Ansible's `no_log`). */
  readonly secret: boolean;
  /** Accepted so that playbooks run, and without effect here; the text says why. */
  readonly ignored?: string;
  /** Reads a rendered value; the problem is a sentence without the argument's name. */
  read(value: Value): { readonly value: T } | { readonly problem: string; readonly hint?: string };
}

/** A module's arguments by their first name. */
export type ArgTable<A> = { readonly [K in keyof A]-?: Arg<A[K]> };

interface ArgOptions {
  readonly aliases?: readonly string[];
  readonly choices?: readonly string[];
  readonly secret?: boolean;
  readonly ignored?: string;
}
type Required = ArgOptions & { readonly required: true };
type Fallback<T> = ArgOptions & { readonly fallback: T };
type Read<T> = (value: Value) => { readonly value: T } | { problem: string; hint?: string };

function makeArg<T>(
  type: string,
  read: Read<T>,
  options: ArgOptions & { required?: boolean; fallback?: T },
): Arg<T> {
  const { required = false, fallback, aliases = [], choices, secret = false, ignored } = options;
  return {
    type,
    required,
    fallback: fallback as T,
    aliases,
    ...(choices && { choices }),
    secret,
    ...(ignored !== undefined && { ignored }),
    read(value) {
      const found = read(value);
      if ('problem' in found || choices === undefined) return found;
      const items = Array.isArray(found.value) ? found.value : [found.value];
      const strange = items.find((item) => !choices.includes(String(item)));
      if (strange === undefined) return found;
      const meant = nearest(String(strange), choices);
      return {
        problem: `"${String(strange)}" is none of ${choices.join(', ')}`,
        ...(meant !== undefined && { hint: `did you mean "${meant}"?` }),
      };
    },
  };
}

/** Makes one kind of argument in three forms: required, with a fallback, or undefined when not written. */
function kind<T>(type: string, read: Read<T>) {
  function declare(options: Required): Arg<T>;
  function declare(options: Fallback<T>): Arg<T>;
  function declare(options?: ArgOptions): Arg<T | undefined>;
  function declare(
    options: ArgOptions & { required?: boolean; fallback?: T } = {},
  ): Arg<T | undefined> {
    return makeArg<T | undefined>(type, read, options);
  }
  return declare;
}

/** Text; numbers and booleans are taken as Python prints them, mappings as JSON. */
export const str = kind<string>('str', (value) => ({ value: textOfValue(value) }));

/** A path on the host; `~` and `$NAME` are left for the host to work out. */
export const path = kind<string>('path', (value) =>
  typeof value === 'string' || typeof value === 'number'
    ? { value: String(value) }
    : { problem: 'write a path' },
);

/** Yes or no, in all of Ansible's spellings. */
export const bool = kind<boolean>('bool', (value) => {
  const word = String(value).toLowerCase();
  if (['true', 'yes', 'on', '1', 'y', 't', '1.0'].includes(word)) return { value: true };
  if (['false', 'no', 'off', '0', 'n', 'f', '0.0'].includes(word)) return { value: false };
  return { problem: `"${String(value)}" is neither true nor false` };
});

/** A whole number. */
export const int = kind<number>('int', (value) => {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isInteger(found)
    ? { value: found }
    : { problem: `"${textOfValue(value)}" is not a whole number` };
});

/** A number. */
export const float = kind<number>('float', (value) => {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found)
    ? { value: found }
    : { problem: `"${textOfValue(value)}" is not a number` };
});

/** A list of texts; text is split at commas, as Ansible does. */
export const texts = kind<readonly string[]>('list', (value) => ({
  value: listOf(value).map(textOfValue),
}));

/** A list of anything; text is split at commas. */
export const list = kind<readonly Value[]>('list', (value) => ({ value: listOf(value) }));

/** A mapping; text is read as `key=value` words or JSON. */
export const dict = kind<{ readonly [key: string]: Value }>('dict', (value) => {
  if (isMapping(value)) return { value };
  if (typeof value !== 'string') return { problem: 'write a mapping' };
  return readDict(value);
});

/** Anything, as it is. */
export const raw = kind<Value>('raw', (value) => ({ value }));

/** Permission bits: octal text, a number that YAML read as octal, or symbolic (`u=rwX,g=rX`); `preserve` where a module allows it. A decimal number such as an unquoted 644 is refused. */
export const mode = kind<string>('mode', (value) => {
  if (typeof value === 'number') {
    // YAML reads 0644 as 420; a number nobody would mean as permission bits was meant as octal digits
    const digits = String(value);
    const looksOctal = /^[0-7]{3,4}$/.test(digits) && value > 511;
    if (looksOctal || value < 0 || value > 0o7777 || !Number.isInteger(value))
      return { problem: `${digits} is a decimal number`, hint: `write '0${digits}' in quotes` };
    return { value: value.toString(8).padStart(4, '0') };
  }
  const text = textOfValue(value);
  if (/^0?o?[0-7]{1,5}$/.test(text)) return { value: text.replace(/^0?o/, '') };
  if (
    /^[ugoa]*[-+=]([rwxXst]*|[ugo])([-+=]([rwxXst]*|[ugo]))*(,[ugoa]*[-+=]([rwxXst]*|[ugo])([-+=]([rwxXst]*|[ugo]))*)*$/.test(
      text,
    )
  )
    return { value: text };
  if (text === 'preserve') return { value: text };
  return {
    problem: `"${text}" is not a file mode`,
    hint: "write '0644' in quotes, or u=rw,g=r,o=r",
  };
});

function readDict(
  text: string,
): { value: { readonly [key: string]: Value } } | { problem: string } {
  if (text.trimStart().startsWith('{')) {
    try {
      const parsed: unknown = JSON.parse(text);
      if (isMapping(parsed)) return { value: parsed };
    } catch {
      return { problem: 'write a mapping' };
    }
  }
  const words = text.split(/[\s,]+/).filter(Boolean);
  if (words.length === 0 || words.some((word) => !word.includes('=')))
    return { problem: 'write a mapping' };
  const pairs = words.map((word) => [
    word.slice(0, word.indexOf('=')),
    word.slice(word.indexOf('=') + 1),
  ]);
  return { value: Object.fromEntries(pairs) as { [key: string]: Value } };
}

function listOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[];
  if (value === null) return [];
  if (typeof value === 'string')
    return value === '' ? [] : value.split(',').map((item) => item.trim());
  return [value];
}

/** A value as a module that wants text gets it: as Python's `str()` for scalars, JSON for the rest. */
export function textOfValue(value: Value): string {
  if (value === null) return '';
  if (value === true) return 'True';
  if (value === false) return 'False';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
