import { isMapping, type Value, type Vars } from '../model/value.ts';

const secretName = /(^|_)(pass|passwd|password|passphrase|secret|token|pin|psk|api_?key)$/i;

/** Variables as a report may show them: whatever is named like a secret, or is vault-encrypted, becomes `***`, at any depth. */
export function maskVars(vars: Vars): Vars {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, maskValue(name, value)]),
  );
}

/** One variable's value as a report may show it. */
export function maskValue(name: string, value: Value): Value {
  if (value === null || value === '' || typeof value === 'boolean') return value;
  if (secretName.test(name)) return '***';
  if (typeof value === 'string') return value.startsWith('$ANSIBLE_VAULT;') ? '***' : value;
  if (Array.isArray(value)) return value.map((each) => maskValue('', each));
  return isMapping(value) ? maskVars(value) : value;
}
