import { type Located, type LocatedScalar, positionOf } from '../../model/located.ts';
import { isSecretName } from '../../model/secret-names.ts';
import { allAssignments, type Rule } from './rule.ts';

/** Rules about what must not stand in a file that people share. The value itself is never shown. */
export const secretRules: readonly Rule[] = [
  {
    name: 'plain-password',
    severity: 'error',
    summary: 'A password, token or secret stands in plain text.',
    *find(context) {
      for (const { variable, node, path } of allAssignments(context))
        for (const found of secretsIn(variable, node, path))
          yield {
            at: positionOf(found.node),
            path: found.path,
            message: `${found.name} holds a secret in plain text`,
            hint: 'let Labkit ask for it (-k, -K) or read it from a file, or encrypt it with `lab vault encrypt-string`; and change it, because it was readable',
          };
    },
  },
];

interface FoundSecret {
  readonly name: string;
  readonly node: LocatedScalar;
  readonly path: string;
}

function* secretsIn(name: string, node: Located, path: string): Iterable<FoundSecret> {
  if (node.kind === 'scalar') {
    if (isSecretName(name) && isPlainSecret(node)) yield { name, node, path };
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries())
      yield* secretsIn(name, item, `${path}.${index}`);
  } else
    for (const { key, value } of node.entries)
      yield* secretsIn(key.text, value, `${path}.${key.text}`);
}

/** Encrypted values and references to where the secret is kept are what should stand here. */
function isPlainSecret({ text, plain, tag }: LocatedScalar): boolean {
  const value = text.trim();
  if (tag === '!vault' || tag === '!vault-encrypted' || value.startsWith('$ANSIBLE_VAULT;'))
    return false;
  if (/^\{\{[^{}]*\}\}$/.test(value) && !/['"][^'"]+['"]\s*\}\}$/.test(value)) return false;
  if (/^\{\{\s*(?:lookup|query)\s*\(/.test(value)) return false;
  return value !== '' && !(plain && /^(?:~|null|true|false|yes|no|on|off)$/i.test(value));
}
