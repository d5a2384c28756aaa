import type { HostMemory } from '../../model/play-scope.ts';
import { trustValue } from '../../model/play-value.ts';
import { isMapping, makeVars, type Vars } from '../../model/value.ts';
import { type Ended, isRunOnce } from './ended.ts';
import { addHost, groupBy } from './inventory-effects.ts';
import type { ItemEnd } from './item-end.ts';
import type { PlayRun } from './play-run.ts';

/** Sets variables of a host as `set_fact` and `register` do. */
export function remember(memory: HostMemory, vars: Vars): void {
  memory.setFacts = makeVars([...Object.entries(memory.setFacts), ...Object.entries(vars)]);
}

/** Keeps what a task found under the name it is registered by, for all hosts when it was run for all. */
export function register(run: PlayRun, ended: Ended): void {
  const { task, end } = ended;
  if (task.register === undefined) return;
  const vars = makeVars([[task.register, end.result]]);
  for (const memory of memoriesFor(run, ended)) remember(memory, vars);
}

/** Takes in the facts, variables, hosts and groups of a task that succeeded. */
export function takeEffects(run: PlayRun, ended: Ended): void {
  for (const item of ended.end.items) {
    if (item.result['skipped'] === true) continue;
    takeFacts(run, ended, item);
    const { effects } = item;
    if (effects?.includeVars) includeVars(run, ended, effects.includeVars);
    if (effects?.addHost) addHost(run, effects.addHost);
    if (effects?.groupBy) groupBy(run, ended.host, effects.groupBy);
  }
}

function memoriesFor(run: PlayRun, { task, host }: Ended): readonly HostMemory[] {
  if (!isRunOnce(run, task, host)) return [host.memory];
  return run.hosts.filter(({ standing }) => standing !== 'lost').map(({ memory }) => memory);
}

function includeVars(run: PlayRun, ended: Ended, vars: Vars): void {
  const written = trustValue(vars, ended.task.at) as Vars;
  for (const memory of memoriesFor(run, ended))
    memory.includedVars = { ...memory.includedVars, ...written };
}

const showsOnly = /\.(?:debug|include_vars)$/;

function takeFacts(run: PlayRun, ended: Ended, { result, fields }: ItemEnd): void {
  const facts = result['ansible_facts'];
  if (!isMapping(facts) || showsOnly.test(ended.task.action)) return;
  const isSetFact = ended.task.action.endsWith('.set_fact');
  const isFact = !isSetFact || result['_ansible_facts_cacheable'] === true;
  const delegate = fields.delegateFacts ? run.state.hosts.get(fields.delegateTo ?? '') : undefined;
  for (const memory of delegate ? [delegate] : memoriesFor(run, ended)) {
    if (isSetFact) remember(memory, facts);
    if (isFact) addFacts(memory, facts);
  }
}

function addFacts(memory: HostMemory, facts: Vars): void {
  const bare = Object.entries(facts).map(
    ([name, value]) => [name.replace(/^ansible_/, ''), value] as const,
  );
  memory.facts = makeVars([...Object.entries(memory.facts), ...bare]);
}
