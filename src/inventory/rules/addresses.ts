import type { Host } from '../../model/host.ts';
import { containsIp, parseIp, parseSubnet, reservedAs, type Subnet } from '../../model/ip.ts';
import {
  type Finding,
  hostsInUse,
  isWritten,
  type LintContext,
  placeOf,
  type Rule,
} from './rule.ts';

/** Rules about the registered addresses. */
export const addressRules: readonly Rule[] = [
  {
    name: 'no-ip',
    severity: 'error',
    summary: 'A host in use has no registered IP address.',
    *find(context) {
      for (const host of hostsInUse(context))
        if (host.ip === '' && !isWritten(context, host, 'ip'))
          yield {
            ...placeOf(context, host),
            host: host.name,
            message: 'no IP address',
            hint: 'add ip: with the address it is registered with',
          };
    },
  },
  {
    name: 'ip-outside-subnet',
    severity: 'error',
    summary: 'An IP address is not within the subnet of its room.',
    find: (context) =>
      compareWithSubnet(context, (host, subnet) => {
        // A host that says it is in another VLAN than its room is in another subnet, too.
        if (host.vlan !== '' && host.vlan !== host.room?.vlan) return undefined;
        if (containsIp(subnet, host.ip)) return undefined;
        return `${host.ip} is outside ${subnet.text}, the subnet of ${host.room?.name}`;
      }),
  },
  {
    name: 'ip-reserved',
    severity: 'error',
    summary: "An IP address is its subnet's network or broadcast address.",
    find: (context) =>
      compareWithSubnet(context, (host, subnet) => {
        const reserved = reservedAs(subnet, host.ip);
        return reserved === ''
          ? undefined
          : `${host.ip} is the ${reserved} address of ${subnet.text}; no host can have it`;
      }),
  },
  {
    name: 'ip-is-gateway',
    severity: 'error',
    summary: "An IP address is that of its room's gateway.",
    *find(context) {
      for (const host of context.inventory.hosts)
        if (host.ip !== '' && host.ip === host.room?.gateway)
          yield {
            ...placeOf(context, host, 'ip'),
            host: host.name,
            message: `${host.ip} is the gateway of ${host.room.name}`,
            hint: 'give the host another address: with this one the whole room loses its network',
          };
    },
  },
  {
    name: 'address-differs',
    severity: 'warning',
    summary: 'ansible_host and ip are two different addresses.',
    *find(context) {
      for (const host of context.inventory.hosts) {
        const { address } = host.connection;
        if (host.ip !== '' && address !== host.ip && 'ip' in parseIp(address))
          yield {
            ...placeOf(context, host, 'ansible_host'),
            host: host.name,
            message: `connections go to ${address}, but ${host.ip} is registered`,
            hint: 'leave ansible_host out, unless the host really has both addresses',
          };
      }
    },
  },
];

function* compareWithSubnet(
  context: LintContext,
  judge: (host: Host, subnet: Subnet) => string | undefined,
): Iterable<Finding> {
  const subnets = new Map<string, Subnet | undefined>();
  for (const room of context.inventory.rooms) {
    const parsed = parseSubnet(room.subnet);
    subnets.set(room.name, 'subnet' in parsed ? parsed.subnet : undefined);
  }
  for (const host of context.inventory.hosts) {
    const subnet = host.room && subnets.get(host.room.name);
    const message = subnet && host.ip !== '' ? judge(host, subnet) : undefined;
    if (message !== undefined)
      yield {
        ...placeOf(context, host, 'ip'),
        host: host.name,
        message,
        hint: 'correct the address, or the subnet of the room',
      };
  }
}
