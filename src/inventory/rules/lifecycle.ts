import { hostClasses } from '../../model/host.ts';
import { placeOf, type Rule } from './rule.ts';

/** Rules about what a host is for and what may be done with it. */
export const lifecycleRules: readonly Rule[] = [
  {
    name: 'private-with-profile',
    severity: 'warning',
    summary: 'A privately bought PC has a profile, as if it were to be reinstalled.',
    *find(context) {
      for (const host of context.inventory.hosts)
        if (host.ownership === 'private' && host.profile !== '' && !host.protected)
          yield {
            ...placeOf(context, host, 'profile'),
            host: host.name,
            message: `privately bought, yet it has the profile ${host.profile}`,
            hint: 'a private PC is registered but never reinstalled: add protected: true, or give it no profile',
          };
    },
  },
  {
    name: 'retired-with-address',
    severity: 'warning',
    summary: 'A retired host still holds an IP address.',
    *find(context) {
      for (const host of context.inventory.hosts)
        if (host.status === 'retired' && host.ip !== '')
          yield {
            ...placeOf(context, host, 'ip'),
            host: host.name,
            message: `retired, but still holds ${host.ip}`,
            hint: 'take ip out, so that another host can have the address',
          };
    },
  },
  {
    name: 'printer-with-profile',
    severity: 'warning',
    summary: 'A printer has a profile, but no system can be installed on it.',
    *find(context) {
      for (const host of context.inventory.hosts)
        if (host.class === 'printer' && host.profile !== '')
          yield {
            ...placeOf(context, host, 'profile'),
            host: host.name,
            message: `a printer with the profile ${host.profile}`,
            hint: 'take profile out, or correct class',
          };
    },
  },
  {
    name: 'class-differs-from-group',
    severity: 'warning',
    summary: 'A host is in a group named after one kind of device, but is another.',
    *find(context) {
      const classOfGroup = new Map(
        hostClasses.filter(isKindOfDevice).flatMap((name) => [
          [name as string, name],
          [`${name}${name.endsWith('s') ? 'es' : 's'}`, name],
        ]),
      );
      for (const host of context.inventory.hosts) {
        const group = host.groups.find(
          (name) => classOfGroup.has(name) && classOfGroup.get(name) !== host.class,
        );
        if (group !== undefined && host.class !== '')
          yield {
            ...placeOf(context, host, 'class'),
            host: host.name,
            message: `of class ${host.class}, but in the group ${group}`,
            hint: 'correct class, or take the host out of the group',
          };
      }
    },
  },
];

/** Classes that say what a thing is; the others name a place or a person, and a notebook in an office is nothing odd. */
function isKindOfDevice(name: string): boolean {
  return ['notebook', 'server', 'thin', 'printer'].includes(name);
}
