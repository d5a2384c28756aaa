import type { Diff, ModuleResult } from '../../model/module.ts';
import type { TemplateTrouble } from '../../model/play-value.ts';
import { makeVars, type Value, type Vars } from '../../model/value.ts';

/** A result as Ansible registers it. */
export type Result = Record<string, Value>;

/** What a module said, in the form in which Ansible registers it. */
export function shapeResult(found: ModuleResult, action: string): Result {
  const { changed, failed, skipped, msg, values = {}, facts, diff, warnings } = found;
  const result: Result = makeVars(Object.entries(values));
  result['changed'] = changed;
  if (msg !== undefined) result['msg'] = msg;
  if (skipped) result['skipped'] = true;
  if (facts) result['ansible_facts'] = shapeFacts(facts, action);
  if (diff && diff.length > 0) result['diff'] = shapeDiffs(diff);
  if (warnings && warnings.length > 0) result['warnings'] = warnings;
  const rc = result['rc'];
  result['failed'] = failed ?? (rc !== undefined && rc !== 0 && rc !== '0');
  return result;
}

const named = new Set(['services', 'packages']);

function shapeFacts(facts: Vars, action: string): Vars {
  if (action.endsWith('.set_fact') || action.endsWith('.include_vars')) return facts;
  const entries = Object.entries(facts);
  return makeVars(
    entries.map(([name, value]) => [
      named.has(name) || name.startsWith('ansible_') ? name : `ansible_${name}`,
      value,
    ]),
  );
}

function shapeDiffs(diffs: readonly Diff[]): Value {
  const shaped = diffs.map(({ before, after, beforeHeader, afterHeader, prepared }) =>
    makeVars(
      Object.entries({
        before,
        after,
        before_header: beforeHeader,
        after_header: afterHeader,
        prepared,
      }).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  );
  return shaped.length === 1 ? (shaped[0] ?? null) : shaped;
}

/** What could not be worked out on the controller: such a result says nothing of changes. */
export function troubled(msg: string): Result {
  return makeVars([
    ['failed', true],
    ['msg', msg],
  ]);
}

/** A failure in Ansible's words. */
export function failure(msg: string, more: Vars = {}): Result {
  return makeVars([...Object.entries(more), ['changed', false], ['failed', true], ['msg', msg]]);
}

/** What an argument or another field that could not be rendered comes to. */
export function fieldFailure(trouble: TemplateTrouble): Result {
  if (trouble.undefinedName === undefined) return troubled(trouble.message);
  const said = `The error was: ${trouble.message}. ${trouble.message}`;
  return troubled(`The task includes an option with an undefined variable. ${said}`);
}

/** A task left out because of its condition. */
export function skippedResult(): Result {
  return makeVars([
    ['changed', false],
    ['skipped', true],
    ['skip_reason', 'Conditional result was False'],
  ]);
}

/** Folds the results of a loop into the task's, as Ansible does. */
export function foldItems(items: readonly Result[]): Result {
  if (items.length === 0)
    return makeVars([
      ['changed', false],
      ['skipped', true],
      ['skipped_reason', 'No items in the list'],
      ['results', []],
    ]);
  const isSkipped = items.every((item) => item['skipped'] === true);
  const isFailed = items.some((item) => item['failed'] === true);
  const warnings = items.flatMap(
    (item) => (item['warnings'] as readonly Value[] | undefined) ?? [],
  );
  const msg = isFailed
    ? 'One or more items failed'
    : isSkipped
      ? 'All items skipped'
      : 'All items completed';
  const result: Result = makeVars([
    ['results', items.map(withoutWarnings)],
    ['skipped', isSkipped],
    ['changed', items.some((item) => item['changed'] === true)],
    ['msg', isSkipped ? 'All items skipped' : msg],
  ]);
  if (isFailed) result['failed'] = true;
  if (warnings.length > 0) result['warnings'] = warnings;
  return result;
}

function withoutWarnings(item: Result): Result {
  if (item['warnings'] === undefined) return item;
  const { warnings: _, ...rest } = item;
  return makeVars(Object.entries(rest));
}
