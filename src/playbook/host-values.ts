import type { Host } from '../model/host.ts';
import type { RunMemory } from '../model/play-scope.ts';
import { holdsJinja, makeTemplate, type PlayValue } from '../model/play-value.ts';
import type { Position } from '../model/problem.ts';
import { TemplateError } from '../model/template-error.ts';
import { isMapping, type Value } from '../model/value.ts';

const known = new WeakMap<Host, Map<string, PlayValue>>();

/** A variable of the inventory as playbooks see it: its texts are templates, `!unsafe` and `!vault` ones are data. Worked out once for each host. */
export function hostValue(host: Host, name: string, run: RunMemory): PlayValue | undefined {
  if (!Object.hasOwn(host.vars, name)) return undefined;
  const values = known.get(host) ?? new Map<string, PlayValue>();
  const before = values.get(name);
  if (before !== undefined) return before;
  const at = host.originOf(name);
  const value = openValue(host.vars[name] ?? null, at, (text) => openVault(run, name, text, at));
  known.set(host, values.set(name, value));
  return value;
}

/** `typeValue` writes `!vault` as `{__ansible_vault: text}`: this turns it, however deep, into the text it hides. Everything else stays as it is. */
export function decryptValue(value: Value, decrypt: (vaultText: string) => string): Value {
  const vaulted = markedText(value, '__ansible_vault');
  if (vaulted !== undefined) return decrypt(vaulted);
  if (Array.isArray(value)) return value.map((item: Value) => decryptValue(item, decrypt));
  if (!isMapping(value)) return value;
  const opened: Record<string, Value> = Object.create(null);
  for (const [key, item] of Object.entries(value)) opened[key] = decryptValue(item, decrypt);
  return opened;
}

function openValue(
  value: Value,
  at: Position | undefined,
  decrypt: (vaultText: string) => string,
): PlayValue {
  if (typeof value === 'string') return holdsJinja(value) ? makeTemplate(value, at) : value;
  if (Array.isArray(value)) return value.map((item: Value) => openValue(item, at, decrypt));
  if (!isMapping(value)) return value;
  const vaulted = markedText(value, '__ansible_vault');
  if (vaulted !== undefined) return decrypt(vaulted);
  const unsafe = markedText(value, '__ansible_unsafe');
  if (unsafe !== undefined) return unsafe;
  const opened: Record<string, PlayValue> = Object.create(null);
  for (const [key, item] of Object.entries(value)) opened[key] = openValue(item, at, decrypt);
  return opened;
}

function markedText(value: Value, mark: string): string | undefined {
  if (!isMapping(value) || !Object.hasOwn(value, mark)) return undefined;
  const text = value[mark];
  return typeof text === 'string' && Object.keys(value).length === 1 ? text : undefined;
}

function openVault(run: RunMemory, name: string, text: string, at: Position | undefined): string {
  if (run.decrypt) return run.decrypt(text, at);
  throw new TemplateError(
    `${name} is encrypted with ansible-vault, and no vault password was given`,
    at,
  );
}
