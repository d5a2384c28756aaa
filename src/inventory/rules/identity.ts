import { isLocallyAdministered } from '../../model/mac.ts';
import { isJunkSerial, isJunkUuid } from './duplicates.ts';
import {
  type Finding,
  hostsInUse,
  isWritten,
  type LintContext,
  placeOf,
  placeOfMac,
  type Rule,
} from './rule.ts';

/** Rules about what tells one PC from another. */
export const identityRules: readonly Rule[] = [
  {
    name: 'no-mac',
    severity: 'error',
    summary: 'A host in use has no MAC address, so it can neither be registered nor woken.',
    *find(context) {
      for (const host of hostsInUse(context))
        if (host.macs.length === 0 && !isWritten(context, host, 'mac'))
          yield {
            ...placeOf(context, host),
            host: host.name,
            message: 'no MAC address',
            hint: 'add mac: "52:54:00:aa:bb:cc" with its own address',
          };
    },
  },
  {
    name: 'local-mac',
    severity: 'warning',
    summary: 'A MAC address was made up by software: randomised or virtual.',
    find: findLocalMacs,
  },
  {
    name: 'no-primary-mac',
    severity: 'warning',
    summary: 'Of several wired addresses none is marked as the primary one.',
    *find(context) {
      for (const host of context.inventory.hosts) {
        const wired = host.macs.filter(({ role }) => role === 'wired');
        if (wired.length > 1 && !isPrimaryWritten(context, host.name))
          yield {
            ...placeOf(context, host, 'mac'),
            host: host.name,
            message: `${wired.length} wired addresses and none is the primary one; ${host.mac} is taken`,
            hint: 'add primary: true to the one it boots from',
          };
      }
    },
  },
  {
    name: 'junk-serial',
    severity: 'warning',
    summary: 'A serial number is what the maker left in, not the number of this PC.',
    *find(context) {
      for (const host of context.inventory.hosts)
        if (isJunkSerial(host.serial))
          yield {
            ...placeOf(context, host, 'serial'),
            host: host.name,
            message: `"${host.serial}" is what makers leave in; it tells no PC from another`,
            hint: 'leave serial out, or write the number on the case',
          };
    },
  },
  {
    name: 'junk-uuid',
    severity: 'warning',
    summary: 'A UUID is one that many boards share.',
    *find(context) {
      for (const host of context.inventory.hosts)
        if (isJunkUuid(host.uuid))
          yield {
            ...placeOf(context, host, 'uuid'),
            host: host.name,
            message: `the UUID ${host.uuid} is shared by many boards; it tells no PC from another`,
            hint: 'leave uuid out; MAC and serial number will do',
          };
    },
  },
];

function* findLocalMacs(context: LintContext): Iterable<Finding> {
  for (const host of context.inventory.hosts)
    for (const { addr } of host.macs)
      if (isLocallyAdministered(addr))
        yield {
          ...placeOfMac(context, host, addr),
          host: host.name,
          message: `${addr} was made up by software: a randomised or virtual address`,
          hint: "switch off random hardware addresses on the PC and write the card's own address",
        };
}

function isPrimaryWritten(context: LintContext, host: string): boolean {
  const node = context.raw.hosts.get(host)?.effective.get('mac')?.node;
  if (node?.kind !== 'list') return false;
  return node.items.some(
    (item) => item.kind === 'map' && item.entries.some(({ key }) => key.text === 'primary'),
  );
}
