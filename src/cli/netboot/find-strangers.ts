import { findDhcpServers } from '../../netboot/dnsmasq/find-dhcp-servers.ts';
import { awaitNeighbourMac } from '../../netboot/dnsmasq/neighbours.ts';
import { describeServer, judgeServers } from './check-ground.ts';
import type { ServiceNote } from './service-note.ts';

/** Sentences that name DHCP servers on the boot service's segment which nobody expects there; none where all is well. Throws LabError 'environment' where it cannot be asked. */
export async function findStrangers(
  note: ServiceNote,
  random: () => number = Math.random,
): Promise<string[]> {
  const own = new URL(note.url).hostname;
  const found = await findDhcpServers(note.interface, {
    random,
    neighbourMac: awaitNeighbourMac,
  });
  const others = found.filter(({ address }) => address !== own);
  const expected = note.dhcpServers ?? [];
  // A service that was started before its network had a DHCP server knows of none.
  if (expected.length === 0 && note.mode !== 'dhcp')
    return judgeServers(others, note, expected).troubles.map(({ message }) => message);
  const strange = others.filter(
    ({ address, server }) => !expected.includes(address) && !expected.includes(server),
  );
  return [...new Set(strange.map(describeServer))];
}
