import { findDhcpServers } from '../../../src/netboot/dnsmasq/find-dhcp-servers.ts';
import { awaitNeighbourMac } from '../../../src/netboot/dnsmasq/neighbours.ts';

/** Prints as JSON who answers DHCP on the interface named, within the milliseconds given. */
const [card = '', forMs = '4000'] = process.argv.slice(2);
const effects = { random: Math.random, neighbourMac: awaitNeighbourMac };
console.log(JSON.stringify(await findDhcpServers(card, effects, Number(forMs))));
