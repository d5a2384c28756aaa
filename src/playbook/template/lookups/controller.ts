import { anyText, intArgument } from '../arguments.ts';
import type { Context } from '../context.ts';
import { dictGet } from '../dict.ts';
import { cryptAlgorithm, drawText, hashWithSalt } from '../filters/passwords.ts';
import { expandHome } from '../find-file.ts';
import { itemsOf } from '../iterate.ts';
import { joinPath } from '../paths.ts';
import { type Plugins, plugin } from '../plugin.ts';
import { splitLines } from '../text-lines.ts';
import { type Dict, fail, isText, type Py } from '../values.ts';
import { readTerm } from './tables.ts';

function runCommand(command: string, on: Context): string {
  const { pipe } = on.engine.effects;
  if (!pipe)
    return fail("lookup('pipe') runs commands on the controller, which is not allowed here");
  try {
    return pipe(command).trimEnd();
  } catch (error) {
    return fail(
      `lookup_plugin.pipe(${command}) ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const letterSets: { readonly [name: string]: string } = {
  ascii_letters: lower + lower.toUpperCase(),
  ascii_lowercase: lower,
  ascii_uppercase: lower.toUpperCase(),
  digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF',
  octdigits: '01234567',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

function lettersOf(chars: Py): string {
  const sets = isText(chars)
    ? chars
        .replaceAll(',,', '\0')
        .split(',')
        .map((set) => set.replaceAll('\0', ','))
    : itemsOf(chars).map(anyText);
  const all = sets
    .map((set) => (Object.hasOwn(letterSets, set) ? (letterSets[set] ?? '') : set))
    .join('');
  return all.replaceAll(/["']/g, '') || fail('password: there are no letters to choose from');
}

interface Stored {
  readonly password: string;
  readonly salt: string | undefined;
}

function readStored(path: string, on: Context): Stored | undefined {
  const text = path === '/dev/null' ? undefined : on.engine.effects.readText(path);
  if (text === undefined) return undefined;
  const line = text.replace(/\n$/, '');
  const found = /^(.*) salt=(\S+)(?: ident=\S*)?$/s.exec(line);
  return { password: found?.[1] ?? line, salt: found?.[2] };
}

function storeNew(path: string, { password, salt }: Stored, on: Context): void {
  if (path === '/dev/null') return;
  const { savePassword } = on.engine.effects;
  if (!savePassword) fail(`password: ${path} is not there and may not be made here`);
  try {
    savePassword?.(
      path,
      `${password}${salt === undefined ? '' : ` salt=${salt}`}
`,
    );
  } catch (error) {
    fail(`password: ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function password(term: string, named: Dict, on: Context): string {
  const { first, options } = readTerm(term);
  const option = (name: string): Py | undefined => options.get(name) ?? dictGet(named, name);
  const path = joinPath(on.scope.folders.at(-1) ?? '/', expandHome(first, on));
  const length = option('length');
  const count = isText(length ?? null) ? Number(length) : intArgument(length ?? 20);
  if (!(count <= 10_000)) fail('password: the length is too large');
  const letters = lettersOf(option('chars') ?? ['ascii_letters', 'digits', '.,:-_']);
  const encrypt = option('encrypt');
  const before = readStored(path, on);
  const algorithm =
    encrypt === undefined || encrypt === null ? undefined : cryptAlgorithm(anyText(encrypt));
  const stored: Stored = {
    password: before?.password ?? drawText(letters, count, on),
    salt:
      before?.salt ??
      (algorithm && drawText(`${letterSets['ascii_letters'] ?? ''}0123456789./`, 16, on)),
  };
  if (!before || before.salt !== stored.salt) storeNew(path, stored, on);
  return algorithm
    ? hashWithSalt(algorithm, stored.password, stored.salt, undefined, on)
    : stored.password;
}

/** Lookups that ask the controller itself. */
export const controllerLookups: Plugins = {
  env: plugin('terms default=', (on, [terms, fallback = '']) =>
    itemsOf(terms).map(
      (term) => on.engine.effects.env(anyText(term).trim().split(/\s+/)[0] ?? '') ?? fallback,
    ),
  ),
  pipe: plugin('terms', (on, [terms]) =>
    itemsOf(terms).map((term) => runCommand(anyText(term), on)),
  ),
  lines: plugin('terms', (on, [terms]) =>
    itemsOf(terms).flatMap((term) => splitLines(runCommand(anyText(term), on), false)),
  ),
  password: plugin('terms **named', (on, [terms, named]) =>
    itemsOf(terms).map((term) => password(anyText(term), named as Dict, on)),
  ),
};
