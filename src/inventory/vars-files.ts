import { makeSource, positionAt } from '../model/located.ts';
import type { Problem } from '../model/problem.ts';
import { keyOf, type TypingRules, typeValue } from '../model/yaml-value.ts';
import type { VarsFile, VarsLayers } from './precedence.ts';
import type { Assignment, InventoryFile } from './raw.ts';

/** Reads what the files of group_vars/ and host_vars/ set. */
export function readVarsFiles(files: readonly InventoryFile[], problems: Problem[]): VarsLayers {
  const groups = new Map<string, VarsFile[]>();
  const hosts = new Map<string, VarsFile[]>();
  const bases = new Set<string>();
  for (const file of files) {
    const { role } = file;
    if (role.kind === 'source') continue;
    bases.add(role.base ?? '');
    const found = role.kind === 'group_vars' ? groups : hosts;
    const list = found.get(role.name) ?? [];
    list.push({ role, assignments: readAssignments(file, role, problems) });
    found.set(role.name, list);
  }
  return { groups, hosts, bases: [...bases] };
}

function readAssignments(
  file: InventoryFile,
  role: VarsFile['role'],
  problems: Problem[],
): Assignment[] {
  const { root } = file;
  if (root === undefined || root.kind !== 'map') {
    const problem = refuseContent(file);
    if (problem) problems.push(problem);
    return [];
  }
  const kind = role.kind === 'group_vars' ? 'group' : 'host';
  const rules = rulesOf(file);
  return root.entries.map(({ key, value: node }) => ({
    scope: { kind, name: role.name },
    variable: keyOf(key, rules),
    node,
    key,
    value: typeValue(node, rules),
    path: key.text,
  }));
}

function refuseContent({ path, text, root }: InventoryFile): Problem | undefined {
  const place = { ...positionAt(makeSource(path, text), root?.start ?? 0), path: '' };
  if (isVaulted(text))
    return {
      ...place,
      severity: 'warning',
      rule: 'vaulted-file',
      message:
        'the file is encrypted with ansible-vault and was not read; its variables are missing',
      hint: 'keep what Labkit needs to know in a file that is not encrypted',
    };
  if (root === undefined || (root.kind === 'scalar' && typeValue(root) === null)) return undefined;
  return {
    ...place,
    severity: 'error',
    rule: 'bad-vars-file',
    message: 'the file is no mapping of variables',
    hint: 'write "name: value" lines',
  };
}

/** True for a file that `ansible-vault encrypt` wrote. */
export function isVaulted(text: string): boolean {
  return /^\ufeff?\$ANSIBLE_VAULT;/.test(text);
}

/** Ansible tries every YAML file as JSON first, whose numbers are others. */
export function rulesOf({ text }: InventoryFile): TypingRules {
  if (!/^\s*[{[]/.test(text)) return 'yaml';
  try {
    JSON.parse(text);
    return 'json';
  } catch {
    return 'yaml';
  }
}
