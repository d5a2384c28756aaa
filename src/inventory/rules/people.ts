import {
  type Finding,
  hostsInUse,
  type LintContext,
  placeOf,
  type Rule,
  shownPlace,
} from './rule.ts';

/** Rules about the people who answer for hosts. */
export const peopleRules: readonly Rule[] = [
  {
    name: 'no-owner',
    severity: 'error',
    summary: 'Nobody answers for a host in use.',
    *find(context) {
      for (const host of hostsInUse(context))
        if (host.owner.name === '' && !Array.isArray(host.vars['owner']))
          yield {
            ...placeOf(context, host, 'owner'),
            host: host.name,
            message: 'no owner',
            hint: 'add owner: { name: ..., id: "..." }, to the host or to its room',
          };
    },
  },
  {
    name: 'owner-without-id',
    severity: 'warning',
    summary: 'An owner has a name but no staff number.',
    *find(context) {
      for (const host of hostsInUse(context))
        if (host.owner.name !== '' && host.owner.id === '')
          yield {
            ...placeOf(context, host, 'owner'),
            host: host.name,
            message: `the owner ${host.owner.name} has no staff number; two people may have one name`,
            hint: 'add id: "0123" (in quotes) to owner',
          };
    },
  },
  {
    name: 'owner-id-two-names',
    severity: 'warning',
    summary: 'One staff number stands beside two names.',
    find: findIdsWithTwoNames,
  },
];

function* findIdsWithTwoNames(context: LintContext): Iterable<Finding> {
  const first = new Map<string, { name: string; at: string }>();
  for (const host of context.inventory.hosts) {
    const { id, name } = host.owner;
    if (id === '' || name === '') continue;
    const other = first.get(id);
    if (!other) first.set(id, { name, at: shownPlace(placeOf(context, host, 'owner', 'id').at) });
    else if (other.name !== name)
      yield {
        ...placeOf(context, host, 'owner', 'id'),
        host: host.name,
        message: `staff number ${id} is ${name} here and ${other.name} elsewhere (${other.at})`,
        hint: 'correct the number or the name',
      };
  }
}
