import { parseIp } from '../../model/ip.ts';
import { LabError } from '../../model/lab-error.ts';
import { parseMac } from '../../model/mac.ts';
import { isSecretName } from '../../model/secret-names.ts';
import type { Value } from '../../model/value.ts';
import { typePlain } from '../../model/yaml-value.ts';
import { type KnownVariable, knownVariables, macFields, ownerFields } from '../host-variables.ts';

/** One wanted change: the way to the value (variable, then fields or list numbers), and what it becomes; null takes it away. */
export interface Change {
  readonly key: string;
  readonly path: readonly string[];
  readonly wanted: Wanted | null;
}

/** A value to write. */
export interface Wanted {
  readonly text: string;
  /** True for a number or a truth instead of a text. */
  readonly isTyped: boolean;
  /** True where digits are a name (MAC, staff number, serial, asset, telephone): always in quotes. */
  readonly isName: boolean;
  /** Mappings of a list, written in its place; `text` is then ''. */
  readonly list?: readonly ReadonlyMap<string, Wanted>[];
}

/** Reads `owner.name` and its new text as a change, or throws LabError 'usage' when it cannot be meant so. MAC addresses come out in their one spelling. */
export function parseChange(key: string, text: string | null): Change {
  const path = key.split('.');
  const bad = path.find((part, index) =>
    index === 0 ? !/^[A-Za-z_][A-Za-z0-9_]*$/.test(part) : !/^(?:[A-Za-z_]\w*|\d{1,3})$/.test(part),
  );
  if (bad !== undefined)
    throw new LabError(
      'usage',
      `"${key}" is not a variable`,
      'write KEY=VALUE, such as seat=07 or owner.name=...',
    );
  if (text === null) return { key, path, wanted: null };
  if (isSecretName(path.at(-1) ?? ''))
    throw new LabError(
      'refused',
      `${key} is a secret, and an inventory is no place for one`,
      'let Labkit ask for it (-k, -K), or put it into a vault',
    );
  const known = knownOf(path);
  return { key, path, wanted: readWanted(key, text, path, known) };
}

function knownOf(path: readonly string[]): KnownVariable | undefined {
  const [variable = '', ...fields] = path;
  if (fields.length === 0) return knownVariables.get(variable);
  const within = variable === 'owner' ? ownerFields : variable === 'mac' ? macFields : [];
  return within.find(({ name }) => name === fields.at(-1));
}

function readWanted(
  key: string,
  text: string,
  path: readonly string[],
  known: KnownVariable | undefined,
): Wanted {
  const refuse: Refuse = (problem, hint) => {
    throw new LabError('usage', `${key}: ${problem}`, hint);
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these cannot stand in any YAML text
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\p{Cs}/u.test(text))
    refuse('the value has a control character', 'write plain text');
  if (takesMapping(known) && /^\s*[{[].*[}\]]\s*$/s.test(text))
    refuse('a mapping cannot be written as one value', `write field by field: ${key}.name=...`);
  if (path[0] === 'mac' && (path.length === 1 || path.at(-1) === 'addr'))
    return readMac(text, path.length === 1, refuse);
  if (key === 'ip') {
    const parsed = parseIp(text);
    if ('problem' in parsed) return refuse(parsed.problem, parsed.hint);
  }
  const words = known?.schema['enum'];
  if (Array.isArray(words) && !words.includes(text))
    refuse(`"${text}" is none of its values`, `write one of ${words.join(', ')}`);
  if (key === 'vlan' && !(/^[1-9]\d{0,3}$/.test(text) && Number(text) <= 4094))
    refuse(`"${text}" is not a VLAN number`, 'write a number from 1 to 4094');
  return {
    text,
    isTyped: isTypedText(text, known?.schema['type']),
    isName: known?.quoted ?? false,
  };
}

type Refuse = (problem: string, hint: string) => never;

/** One address; for `mac` as a whole also several, one a line, each with its role in brackets where it is not wired. */
function readMac(text: string, isWhole: boolean, refuse: Refuse): Wanted {
  const lines = isWhole ? text.split('\n') : [text];
  const addresses = lines.map((line): Wanted => {
    const parsed = parseMac(line);
    if ('problem' in parsed) return refuse(parsed.problem, parsed.hint);
    return { text: parsed.mac, isTyped: false, isName: true };
  });
  const [first] = addresses;
  const roles = lines.map((line) => /\((wifi|dock|bmc)\)/.exec(line)?.[1] ?? 'wired');
  if (first && addresses.length === 1 && (!isWhole || roles[0] === 'wired')) return first;
  const list = addresses.map((addr, index) => {
    const role: Wanted = { text: roles[index] ?? '', isTyped: false, isName: false };
    return new Map([
      ['addr', addr],
      ['role', role],
    ]);
  });
  return { text: '', isTyped: false, isName: true, list };
}

function takesMapping(known: KnownVariable | undefined): boolean {
  const { anyOf = [], type = [] } = known?.schema ?? {};
  return JSON.stringify([anyOf, type]).includes('"object"');
}

/** A variable that takes numbers or true and false gets them as such; everything else is text. */
function isTypedText(text: string, types: Value | undefined): boolean {
  const allowed = Array.isArray(types) ? types : [types];
  if (allowed.includes('boolean') && (text === 'true' || text === 'false')) return true;
  if (allowed[0] !== 'integer') return false;
  return /^(?:0|[1-9]\d{0,8})$/.test(text) && typeof typePlain(text) === 'number';
}
