import { join } from 'node:path';
import { mergeInventory } from '../../src/inventory/merge.ts';
import type { InventoryFile, RawInventory } from '../../src/inventory/raw.ts';
import { resolveInventory } from '../../src/inventory/resolve.ts';
import type { Inventory } from '../../src/model/host.ts';
import type { Problem } from '../../src/model/problem.ts';
import { loadInventoryFiles } from '../../src/store/inventory-files.ts';
import { parseYaml } from '../../src/store/yaml.ts';

/** Where the inventories lie that are compared with Ansible. */
export const corpus = join(import.meta.dirname, '..', 'fixtures', 'inventories');

/** Reads and merges inventories from the disk, with every problem. */
export async function loadRaw(
  paths: readonly string[],
): Promise<{ raw: RawInventory; problems: readonly Problem[] }> {
  const { files, problems } = await loadInventoryFiles(paths);
  const raw = mergeInventory(files);
  return { raw, problems: [...problems, ...raw.problems] };
}

/** An inventory file as the store would hand it over, from a text in the test. */
export function makeFile(
  text: string,
  path = 'hosts.yaml',
  role: InventoryFile['role'] = {
    kind: 'source',
    format: path.endsWith('.yaml') ? 'yaml' : 'ini',
  },
): InventoryFile {
  const isIni = role.kind === 'source' && role.format === 'ini';
  const { root } = isIni ? { root: undefined } : parseYaml(text, path);
  return root ? { path, text, role, root } : { path, text, role };
}

/** Merges and resolves texts; `problems` holds those of both. */
export function resolveTexts(...files: readonly InventoryFile[]): {
  raw: RawInventory;
  inventory: Inventory;
  problems: readonly Problem[];
} {
  const raw = mergeInventory(files);
  const { inventory, problems } = resolveInventory(raw);
  return { raw, inventory, problems: [...raw.problems, ...problems] };
}
