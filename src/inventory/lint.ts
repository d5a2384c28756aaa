import type { Inventory } from '../model/host.ts';
import { foldNames } from '../model/host-names.ts';
import { type Problem, sortProblems } from '../model/problem.ts';
import type { RawInventory } from './raw.ts';
import { addressRules } from './rules/addresses.ts';
import { duplicateRules } from './rules/duplicates.ts';
import { identityRules } from './rules/identity.ts';
import { lifecycleRules } from './rules/lifecycle.ts';
import { nameRules } from './rules/names.ts';
import { peopleRules } from './rules/people.ts';
import { roomRules } from './rules/rooms.ts';
import type { Finding, LintContext, Rule } from './rules/rule.ts';
import { secretRules } from './rules/secrets.ts';
import { typingRules } from './rules/typing.ts';
import { variableRules } from './rules/variables.ts';

/** Every rule over a whole inventory; what reading and resolving find comes on top of these. */
export const lintRules: readonly Rule[] = [
  ...duplicateRules,
  ...identityRules,
  ...addressRules,
  ...roomRules,
  ...peopleRules,
  ...nameRules,
  ...typingRules,
  ...secretRules,
  ...variableRules,
  ...lifecycleRules,
];

/** Looks an inventory over by every rule, or by some; the answer is in reading order. Hosts with one problem at one place (a range, a group's variable) are told in one. */
export function lintInventory(
  raw: RawInventory,
  inventory: Inventory,
  rules: readonly Rule[] = lintRules,
): Problem[] {
  const context: LintContext = { raw, inventory };
  return sortProblems(rules.flatMap((rule) => tell(rule, rule.find(context))));
}

interface Told {
  readonly finding: Finding;
  readonly hosts: string[];
}

function tell(rule: Rule, findings: Iterable<Finding>): Problem[] {
  const told = new Map<string, Told>();
  for (const finding of findings) {
    const { file, line, column } = finding.at;
    const key = [file, line, column, finding.message].join('\0');
    const entry = told.get(key) ?? { finding, hosts: [] };
    if (finding.host !== undefined) entry.hosts.push(finding.host);
    told.set(key, entry);
  }
  return [...told.values()].map(({ finding, hosts }) => ({
    ...finding.at,
    severity: rule.severity,
    rule: rule.name,
    path: finding.path,
    message: hosts.length > 0 ? `${foldNames(hosts)}: ${finding.message}` : finding.message,
    hint: finding.hint,
  }));
}
