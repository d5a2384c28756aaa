import { printable } from '../model/display.ts';
import type { Host } from '../model/host.ts';
import { foldNames } from '../model/host-names.ts';
import type { Problem } from '../model/problem.ts';
import { isPlainSecret } from './ansible-plan.ts';
import { problemOf, tellLeftOut } from './export-problems.ts';

/** Names of hosts and groups that Ansible would read as something else: ranges, ports, sections, comments. */
export function checkAnsibleNames(hosts: readonly Host[]): Problem[] {
  return hosts.flatMap((host) => [
    ...(/^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(host.name)
      ? []
      : [
          problemOf(host, '', {
            rule: 'bad-host-name',
            message: 'is a name that Ansible would read as something else',
            hint: 'use letters, digits, hyphens and dots, such as a07',
          }),
        ]),
    ...host.groups
      .filter((group) => !/^[^\s[\]:;#=,]+$/u.test(group))
      .map((group) =>
        problemOf(host, '', {
          rule: 'bad-group',
          message: `is in the group "${printable(group)}", which an inventory file cannot name`,
          hint: 'rename the group: letters, digits and underscores',
        }),
      ),
  ]);
}

/** What an exported inventory does not carry. */
export function tellAnsible(hosts: readonly Host[]): string[] {
  const withSecrets = hosts.filter(({ vars }) =>
    Object.entries(vars).some(([name, value]) => isPlainSecret(name, value)),
  );
  return [
    ...tellLeftOut(hosts),
    ...(withSecrets.length === 0
      ? []
      : [
          `Passwords in plain text are left out, of ${printable(foldNames(withSecrets.map(({ name }) => name)))}.`,
        ]),
    'Owners’ names and phones are in it: keep it readable for yourself only.',
  ];
}
