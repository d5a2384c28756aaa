import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mergeInventory } from '../inventory/merge.ts';
import type { RawInventory } from '../inventory/raw.ts';
import { resolveInventory } from '../inventory/resolve.ts';
import { selectHosts } from '../inventory/select.ts';
import type { ConnectionSettings, Host, Inventory } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import { type Problem, sortProblems } from '../model/problem.ts';
import { renderProblemLines, tellLines, tellProblem } from '../report/problem-lines.ts';
import { loadInventoryFiles } from '../store/inventory-files.ts';
import type { VaultOpener } from '../store/open-vault.ts';
import type { Context } from './context.ts';

/** An inventory with everything that was found wrong while reading it. */
export interface LoadedInventory {
  readonly raw: RawInventory;
  readonly inventory: Inventory;
  readonly problems: readonly Problem[];
}

/** Reads the project's inventory, and the variables beside a playbook; files that are encrypted only with `vault`. Problems are returned, not thrown. */
export async function loadInventory(
  context: Context,
  playbookFolder?: string,
  vault?: VaultOpener,
): Promise<LoadedInventory> {
  const { files, problems } = await loadInventoryFiles(
    context.settings.inventories,
    playbookFolder,
    vault,
  );
  const raw = mergeInventory(files);
  const resolved = resolveInventory(raw);
  return {
    raw,
    inventory: resolved.inventory,
    problems: [...problems, ...raw.problems, ...resolved.problems],
  };
}

/** The hosts a reading command shows: problems in the inventory are told on stderr and do not stop it, unless nothing could be read. */
export async function loadHostsToRead(
  context: Context,
  pattern = 'all',
): Promise<{ loaded: LoadedInventory; hosts: Host[] }> {
  const loaded = await loadInventory(context);
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0 && loaded.inventory.hosts.length === 0) throw brokenInventory(errors);
  if (errors.length > 0) {
    const missing = tellLines('warning', 'what could not be read is missing below', '');
    context.io.stderr.write(
      renderProblemLines([...sortProblems(errors).flatMap(tellProblem), ...missing]),
    );
  }
  return { loaded, hosts: selectTargets(context, loaded.inventory, pattern) };
}

/** The hosts an acting or checking command works on, with the connection flags applied; an inventory with errors is refused whole. */
export async function loadTargets(
  context: Context,
  pattern: string,
): Promise<{ loaded: LoadedInventory; hosts: Host[] }> {
  const loaded = await loadInventory(context);
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw brokenInventory(errors);
  const hosts = selectTargets(context, loaded.inventory, pattern);
  return { loaded, hosts: withFlags(hosts, context) };
}

/** Refuses an inventory for its errors. */
export function brokenInventory(problems: readonly Problem[]): LabError {
  const many = problems.length === 1 ? 'an error' : `${problems.length} errors`;
  return new LabError(
    'input',
    `the inventory has ${many}; nothing was done`,
    'lab inventory validate shows all problems',
    {
      problems,
    },
  );
}

/** The hosts a pattern and --limit leave of an inventory. Throws LabError 'usage' where there are none. */
export function selectTargets(context: Context, inventory: Inventory, pattern: string): Host[] {
  const both = selectWithin(context, inventory, pattern);
  if (both.length > 0) return both;
  throw new LabError(
    'usage',
    `--limit ${context.flags.limit} leaves none of the hosts of ${pattern}`,
    'nothing was done',
  );
}

/** The same where --limit may leave none. Throws LabError 'usage' for a pattern, or a limit, that means nobody. */
export function selectWithin(
  { flags, io }: Context,
  inventory: Inventory,
  pattern: string,
): Host[] {
  const readFile = (path: string) => readFileSync(resolve(io.cwd, path), 'utf8');
  const chosen = selectHosts(inventory, pattern, { readFile });
  if (flags.limit === undefined) return chosen;
  const limit = new Set(selectHosts(inventory, flags.limit, { readFile }).map(({ name }) => name));
  return chosen.filter(({ name }) => limit.has(name));
}

/** Hosts as an acting command works on them: with what the connection flags say. */
export function withFlags(hosts: readonly Host[], context: Context): Host[] {
  return hosts.map((host) => ({ ...host, connection: applyFlags(host.connection, context) }));
}

/** As in Ansible, flags give way to what the inventory says of a host, except for those that only exist as flags. */
function applyFlags(settings: ConnectionSettings, { flags }: Context): ConnectionSettings {
  const user = settings.user ?? flags.user;
  const keyFile = settings.keyFile ?? flags.privateKey;
  return {
    ...settings,
    ...(user === undefined ? {} : { user }),
    ...(keyFile === undefined ? {} : { keyFile }),
    become: settings.become || flags.become === true,
    becomeUser: flags.becomeUser ?? settings.becomeUser,
  };
}
