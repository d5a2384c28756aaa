import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { InventoryFile } from '../model/inventory-file.ts';
import { LabError } from '../model/lab-error.ts';
import type { Problem } from '../model/problem.ts';
import { type ListedFile, problemOfFile, refusePath } from './inventory-folder.ts';
import type { VaultOpener } from './open-vault.ts';
import { isVaultText } from './vault.ts';
import { maxYamlLength, parseYaml } from './yaml.ts';

/** A file as read, or nothing, with what was wrong. */
export interface ReadFile {
  readonly file?: InventoryFile;
  readonly problems: readonly Problem[];
}

/** Reads one file of an inventory; YAML is parsed at once. */
export async function readInventoryFile(
  { path, role }: ListedFile,
  vault?: VaultOpener,
): Promise<ReadFile> {
  const text = await readText(path);
  if (typeof text !== 'string') return { problems: [text] };
  if (vault && role.kind !== 'source' && isVaultText(text))
    return openVarsFile({ path, text, role }, vault);
  const refused = role.kind === 'source' ? refuseSource(path, text) : undefined;
  if (refused) return { problems: [refused] };
  const { format, ...parsed } = formatOf(path, text, role.kind === 'source');
  const root = parsed.root ? { root: parsed.root } : {};
  const file: InventoryFile =
    role.kind === 'source'
      ? { path, text, role: { kind: 'source', format }, ...root }
      : { path, text, role, ...root };
  return { file, problems: parsed.problems };
}

/** The text stays as it is on the disk, so that no edit can ever write the plain one; only the values are there. */
function openVarsFile(file: InventoryFile, vault: VaultOpener): ReadFile {
  try {
    const { root, problems } = parseYaml(vault.decrypt(file.text, file.path), file.path);
    return root === undefined ? { problems } : { file: { ...file, root }, problems };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { problems: [problemOfFile(file.path, 'vaulted-file', error.message, error.hint)] };
  }
}

async function readText(path: string): Promise<string | Problem> {
  try {
    if ((await stat(path)).size > maxYamlLength)
      return problemOfFile(
        path,
        'file-too-large',
        `it is larger than ${maxYamlLength / 1024 ** 2} MiB`,
        'split it into several files of one inventory folder',
      );
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    if (!(error instanceof TypeError)) return refusePath(path, error as NodeJS.ErrnoException);
    return problemOfFile(path, 'not-utf-8', 'it is not UTF-8 text', 'save it in UTF-8');
  }
}

function refuseSource(path: string, text: string): Problem | undefined {
  if (text.startsWith('#!'))
    return problemOfFile(
      path,
      'inventory-script',
      'it is a program; Labkit runs no inventory programs',
      'write what it prints to a file: ansible-inventory --list --yaml --output hosts.yaml',
    );
  if (extname(path) !== '.toml') return undefined;
  return problemOfFile(
    path,
    'inventory-toml',
    'TOML inventories are not read',
    'turn it into YAML: ansible-inventory --list --yaml --output hosts.yaml',
  );
}

interface Formatted {
  readonly format: 'yaml' | 'ini';
  readonly root?: InventoryFile['root'] | undefined;
  readonly problems: readonly Problem[];
}

/** Ansible goes by the extension, and tries YAML and then INI where there is none. */
function formatOf(path: string, text: string, isSource: boolean): Formatted {
  const extension = extname(path);
  const isYaml = !isSource || ['.yaml', '.yml', '.json'].includes(extension);
  const nothing = { root: undefined, problems: [] };
  if (text.replace(/^\ufeff/, '').startsWith('$ANSIBLE_VAULT;'))
    return { format: 'yaml', ...nothing };
  if (!isYaml && extension !== '') return { format: 'ini', ...nothing };
  const parsed = parseYaml(text, path);
  if (isYaml || (parsed.root?.kind === 'map' && parsed.problems.length === 0))
    return { format: 'yaml', ...parsed };
  const looksLikeIni = /^\s*\[[^\]]+\]\s*(?:#.*)?$/m.test(text) || parsed.root?.kind === 'scalar';
  const looksLikeYaml = /^---|:\s*$/m.test(text);
  return looksLikeIni || !looksLikeYaml
    ? { format: 'ini', ...nothing }
    : { format: 'yaml', ...parsed };
}
