import { planEdit, selectEdits } from '../../inventory/edit.ts';
import { lintInventory } from '../../inventory/lint.ts';
import { mergeInventory } from '../../inventory/merge.ts';
import type { InventoryFile, RawInventory } from '../../inventory/raw.ts';
import { resolveInventory } from '../../inventory/resolve.ts';
import { printable } from '../../model/display.ts';
import type { Inventory } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import { parseMac } from '../../model/mac.ts';
import { nameProblem } from '../../model/problem.ts';
import { planReconcile } from '../../registry/reconcile.ts';
import { saveEdit } from '../../store/save-edit.ts';
import { parseYaml } from '../../store/yaml.ts';
import { defineCommand } from '../define-command.ts';
import { loadInventory } from '../load-hosts.ts';
import { type HeldRegistry, holdRegistryIfKept, loadPresent } from '../open-registry.ts';
import { makeRunIdentity } from '../run-identity.ts';

export default defineCommand({
  syntax: 'inventory set <host> [changes...]',
  summary: 'Change variables of one host in its file; everything else there stays byte for byte',
  description:
    'Each change is KEY=VALUE; KEY may go deeper, as in owner.name. A change that would bring a new error into the inventory is refused.',
  options: [['--unset <keys>', 'take these variables away, comma-separated']],
  families: ['inventory'],
  examples: [
    'inventory set a07 ip=10.1.1.107',
    'inventory set a07 owner.name=张伟 owner.id=0117',
    'inventory set a07 --unset asset,serial',
  ],
  async run(context, [hostName, words], { unset }) {
    const host = String(hostName);
    const changes = readChanges((words ?? []) as string[], typeof unset === 'string' ? unset : '');
    const registry = await holdRegistryIfKept(context);
    const { raw } = registry?.loaded ?? (await loadInventory(context));
    const [first, second] = selectEdits(raw, host, changes);
    if (first === undefined)
      throw new LabError('usage', 'there is nothing to change', 'write KEY=VALUE');
    if (second !== undefined) {
      const files = `${first[0]} and ${second[0]}`;
      throw new LabError(
        'usage',
        `these variables stand in two files, ${files}`,
        'set them one after the other',
      );
    }
    const [path, own] = first;
    const edit: HostEdit = { raw, path, host, changes: own };
    const changed = registry
      ? await saveFiled(registry, edit)
      : await saveAlone(edit, makeRunIdentity(context).who);
    for (const [key, value] of own) {
      const what = value === null ? `${key} taken away` : `${key} is ${asWritten(key, value)}`;
      context.io.stdout.write(
        printable(`${host}: ${what}${changed ? '' : ' already'} (${path})`).concat('\n'),
      );
    }
    return 0;
  },
});

/** MAC addresses are written in their one spelling. */
function asWritten(key: string, value: string): string {
  const parsed = /^mac(?:$|\..*addr$)/.test(key) ? parseMac(value) : undefined;
  return parsed !== undefined && 'mac' in parsed ? parsed.mac : value;
}

function readChanges(words: readonly string[], unset: string): Map<string, string | null> {
  const changes = new Map<string, string | null>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new LabError('usage', `"${word}" is not a change`, 'write KEY=VALUE');
    changes.set(word.slice(0, at), word.slice(at + 1));
  }
  for (const key of unset.split(',').filter((each) => each !== '')) changes.set(key.trim(), null);
  return changes;
}

/** Changes of one host in one file. */
interface HostEdit {
  readonly raw: RawInventory;
  readonly path: string;
  readonly host: string;
  readonly changes: ReadonlyMap<string, string | null>;
}

/** Where no ledger is kept, the file alone is changed. */
async function saveAlone(edit: HostEdit, who: string): Promise<boolean> {
  const { changed } = await saveEdit(edit.path, who, (text) => editChecked(edit, text).text);
  return changed;
}

/** What an edit changes of owner and addresses goes into the ledger in the same step. */
async function saveFiled(registry: HeldRegistry, edit: HostEdit): Promise<boolean> {
  const before = edit.raw.files.find(({ path }) => path === edit.path)?.text ?? '';
  const { text, inventory } = editChecked(edit, before);
  const entries = planReconcile(loadPresent(registry.ledger), inventory.hosts, registry.occasion, {
    kind: 'edit',
    reason: 'lab inventory set',
  });
  await registry.save([{ path: edit.path, before, after: text }], entries);
  return text !== before;
}

/** The edited text with what it makes of the inventory, unless it would bring an error that was not there before. */
function editChecked(
  { raw, path, host, changes }: HostEdit,
  text: string,
): { readonly text: string; readonly inventory: Inventory } {
  const known = raw.files.find((file) => file.path === path);
  if (known === undefined)
    throw new LabError('refused', `${path} is no file of the inventory any more`);
  const edited = planEdit(reread(known, text), host, changes, parseYaml).text;
  const lookOver = (content: string) => {
    const files = raw.files.map((file) => (file.path === path ? reread(file, content) : file));
    const merged = mergeInventory(files);
    const { inventory, problems } = resolveInventory(merged);
    const all = [...merged.problems, ...problems, ...lintInventory(merged, inventory)];
    return { inventory, errors: all.filter(({ severity }) => severity === 'error') };
  };
  const before = new Set(lookOver(text).errors.map(nameProblem));
  const { inventory, errors } = lookOver(edited);
  const added = errors.filter((problem) => !before.has(nameProblem(problem)));
  if (added.length === 0) return { text: edited, inventory };
  throw new LabError(
    'input',
    'this change would bring an error into the inventory; nothing was written',
    '',
    {
      problems: added,
    },
  );
}

function reread(file: InventoryFile, text: string): InventoryFile {
  const { root: _, ...rest } = file;
  if (file.role.kind === 'source' && file.role.format === 'ini') return { ...rest, text };
  const { root } = parseYaml(text, file.path);
  return root === undefined ? { ...rest, text } : { ...rest, text, root };
}
