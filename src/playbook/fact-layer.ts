import { PendingValue } from '../model/play-scope.ts';
import type { Vars } from '../model/value.ts';
import type { Layer } from './layers.ts';

/** Facts that Ansible also gives without the prefix, because their modules name them so (`service_facts`, `package_facts`, `getent`). */
const bareFacts = /^(?:services|packages|getent_[a-z]+)$/;

/** How a host is reached is never taken from the host (Ansible removes these from facts, too). */
const connectionFact =
  /^(?:host|port|user|password|pass|connection|become|become_.*|ssh_(?!host_key_).*|winrm_.*|psrp_.*|shell_.*|remote_.*|.*_interpreter)$/;

/**
 * What the host said of itself: `ansible_facts` and each fact as `ansible_NAME`. While facts are still to come (`pending` holds `ansible_facts`), asking
 * for one throws `PendingValue`.
 */
export function factLayer(facts: Vars, pending: ReadonlySet<string> | undefined): Layer {
  const areComing = pending?.has('ansible_facts') ?? false;
  return {
    get: (name) => {
      const key = factOf(name);
      if (name !== 'ansible_facts' && key === undefined) return undefined;
      if (areComing) throw new PendingValue(name);
      if (key === undefined) return facts;
      if (Object.hasOwn(facts, key)) return facts[key];
      return Object.hasOwn(facts, name) ? facts[name] : undefined;
    },
    names: () => ['ansible_facts', ...Object.keys(facts).flatMap(variableOf)],
  };
}

function factOf(name: string): string | undefined {
  if (bareFacts.test(name)) return name;
  if (!name.startsWith('ansible_') || name === 'ansible_facts') return undefined;
  const key = name.slice('ansible_'.length);
  return connectionFact.test(key) ? undefined : key;
}

function variableOf(fact: string): readonly string[] {
  if (bareFacts.test(fact) || fact.startsWith('ansible_')) return [fact];
  return connectionFact.test(fact) ? [] : [`ansible_${fact}`];
}
