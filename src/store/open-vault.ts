import type { Located } from '../model/located.ts';
import { isSecretName } from '../model/secret-names.ts';
import { typeValue } from '../model/yaml-value.ts';
import { decryptVault, textOf, type VaultPassword } from './vault.ts';
import { parseYaml } from './yaml.ts';

/** Opens what is encrypted: files of variables and single values. */
export interface VaultOpener {
  /** The text behind a vault text; `what` is a file or the place of a value, for messages. Throws LabError 'input' when no password fits. */
  decrypt(text: string, what: string): string;
}

/** Shorter texts of an encrypted file are words such as `yes` and `22`, which nobody wants masked everywhere. */
const shortestSecret = 4;
/** Words of a secret are masked by themselves from this length on: a command that it was not quoted for is shown word by word. */
const shortestWord = 8;
/** Lines of a secret of several lines, such as a private key, are masked by themselves from this length on. */
const shortestLine = 16;

/**
 * Opens with the passwords of a run, each text once, and tells `onSecret` whatever must be masked from then on: the text itself, its long lines and words, and
 * the texts of the variables in it (under a name of a secret of any length, else from four characters on).
 */
export function openVault(
  passwords: readonly VaultPassword[],
  onSecret: (secret: string) => void,
): VaultOpener {
  const known = new Map<string, string>();
  return {
    decrypt(text, what) {
      const before = known.get(text);
      if (before !== undefined) return before;
      const plain = textOf(decryptVault(text, passwords, what).plain, what);
      known.set(text, plain);
      for (const secret of new Set(secretsIn(plain))) onSecret(secret);
      return plain;
    },
  };
}

function secretsIn(plain: string): readonly string[] {
  const { root } = parseYaml(plain, 'vault');
  const inside = root === undefined || root.kind === 'scalar' ? [] : textsIn(root, false);
  const whole = plain.trim();
  const isValue = inside.length === 0;
  const lines = isValue ? whole.split('\n').filter((line) => line.length >= shortestLine) : [];
  const words = isValue ? whole.split(/\s+/).filter((word) => word.length >= shortestWord) : [];
  return [whole, ...lines, ...words, ...inside].filter((secret) => secret !== '');
}

function textsIn(node: Located, isNamed: boolean): string[] {
  if (node.kind === 'list') return node.items.flatMap((item) => textsIn(item, isNamed));
  if (node.kind === 'map')
    return node.entries.flatMap(({ key, value }) =>
      textsIn(value, isNamed || isSecretName(key.text)),
    );
  const isText = typeof typeValue(node) === 'string' && node.text.length >= shortestSecret;
  return isText || isNamed ? [node.text] : [];
}
