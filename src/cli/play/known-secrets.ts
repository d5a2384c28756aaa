import type { Inventory } from '../../model/host.ts';
import { isPlayMapping, type PlayValue, type PlayVars } from '../../model/play-value.ts';
import { isSecretName } from '../../model/secret-names.ts';
import type { CommandVault } from '../vault-secrets.ts';

/** Shorter values of a variable with a secret's name are more often words such as `yes`. */
const shortest = 4;
/** What a switch is set to is no secret, whatever the switch is called. */
const switchWord = /^(?:true|false|none|null)$/i;

/** What a playbook run was told that must not be shown: what came from a vault so far, passwords of connections, and `--extra-vars` with the name of a secret. */
export function openSecrets({
  vault,
  passwords,
  extraVars,
  inventory,
}: {
  readonly vault: CommandVault;
  readonly passwords: readonly string[];
  readonly extraVars: PlayVars;
  readonly inventory: Inventory;
}): () => readonly string[] {
  const ofHosts = inventory.hosts.flatMap(({ vars }) =>
    connectionPasswords.map((name) => vars[name]),
  );
  const texts = [...ofHosts.flatMap((value) => textsIn(value, true)), ...secretTexts(extraVars)];
  const fixed = new Set([...passwords, ...texts]);
  return () => [...vault.secrets(), ...fixed];
}

const connectionPasswords = [
  'ansible_password',
  'ansible_ssh_pass',
  'ansible_become_password',
  'ansible_become_pass',
  'ansible_sudo_pass',
];

function secretTexts(vars: PlayVars): readonly string[] {
  return textsIn(vars, false).filter((text) => text.length >= shortest && !switchWord.test(text));
}

/** Whether a variable, however deep in these, has the name of a secret and a value of its own. */
export function holdsSecrets(vars: PlayVars): boolean {
  return textsIn(vars, false).length > 0;
}

/** Texts below a secret's name; what is a template holds nothing itself. */
function textsIn(value: PlayValue | undefined, isNamed: boolean): readonly string[] {
  if (typeof value === 'string' || typeof value === 'number') return isNamed ? [String(value)] : [];
  if (Array.isArray(value)) return value.flatMap((item: PlayValue) => textsIn(item, isNamed));
  if (value === undefined || !isPlayMapping(value)) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    textsIn(item, isNamed || isSecretName(name)),
  );
}
