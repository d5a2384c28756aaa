import type { Host } from '../model/host.ts';
import type { Value } from '../model/value.ts';
import { maskVars } from './shown-vars.ts';

/** A host as `lab.inventory/1` shows it to scripts; names of fields are a contract (docs/cli.md). */
export function renderHostDocument(host: Host): { readonly [key: string]: Value } {
  const { name, id, department } = host.owner;
  return {
    name: host.name,
    room: host.room?.name ?? '',
    seat: host.seat,
    groups: host.groups,
    mac: host.mac,
    macs: host.macs.map(({ addr, role, primary }) => ({ addr, role, primary })),
    ip: host.ip,
    address: host.connection.address,
    owner: { name, id, department },
    class: host.class,
    ownership: host.ownership,
    status: host.status,
    profile: host.profile,
    asset: host.asset,
    serial: host.serial,
    vars: maskVars(host.vars),
  };
}
