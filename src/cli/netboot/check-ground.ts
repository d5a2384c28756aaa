import { spawnSync } from 'node:child_process';
import { LabError } from '../../model/lab-error.ts';
import { type DhcpServer, findDhcpServers } from '../../netboot/dnsmasq/find-dhcp-servers.ts';
import { awaitNeighbourMac } from '../../netboot/dnsmasq/neighbours.ts';
import type { ServeWish } from './plan-dnsmasq.ts';
import { findPortHolders } from './port-holders.ts';
import type { Card } from './select-card.ts';
import { requireNone, type Trouble } from './trouble.ts';

/** What stands in the way of serving, and what does not but should be known. */
export interface Ground {
  readonly problems: readonly Trouble[];
  readonly notes: readonly string[];
  /** Who answers DHCP on the segment now; undefined where it could not be asked. */
  readonly servers?: readonly DhcpServer[];
}

/** Looks at everything that serving needs of this machine and its segment; all troubles at once. `expected` are addresses of DHCP servers that may be there. */
export async function checkGround(
  card: Card,
  wish: ServeWish,
  expected: readonly string[],
  random: () => number,
): Promise<Ground> {
  const problems: Trouble[] = [];
  if (!isInstalled('dnsmasq'))
    problems.push({ message: 'dnsmasq is not installed', hint: 'apt-get install dnsmasq-base' });
  if (process.getuid?.() !== 0)
    problems.push({
      message: 'no permission to open the ports of DHCP and TFTP',
      hint: 'run it as root (sudo), or as the unit that lab netboot service prints',
    });
  problems.push(...(await findBusyPorts(card, wish)));
  // Whoever cannot open port 68 cannot ask; that trouble is told already.
  const asked = await findDhcpServers(card.name, { random, neighbourMac: awaitNeighbourMac }).catch(
    (error: unknown) => {
      if (!(error instanceof LabError)) throw error;
      return error;
    },
  );
  if (asked instanceof LabError)
    return { problems, notes: [`who answers DHCP is not known: ${asked.message}; ${asked.hint}`] };
  // One on this machine holds the port of DHCP, which is told already.
  const isElsewhere = ({ address }: DhcpServer) =>
    wish.mode === 'external' || address !== card.address;
  const servers = asked.filter(isElsewhere);
  const { troubles, notes } = judgeServers(servers, wish, expected);
  return { problems: [...problems, ...troubles], notes, servers };
}

/** Everything at once, as one error; nothing where there is no trouble. */
export function requireGround(ground: Ground): void {
  requireNone('environment', ground.problems, 'nothing is served');
}

/** A DHCP server as people are told of it. */
export function describeServer({ address, server, mac, isProxy }: DhcpServer): string {
  const other = server === '' || server === address ? '' : `, calls itself ${server}`;
  const what = isProxy ? 'answers network boot' : 'gives addresses';
  return `${address} (${mac === '' ? 'MAC address unknown' : mac}${other}) ${what}`;
}

/** Which servers should not be there. Beside the campus's one DHCP server there is room for nobody else. */
export function judgeServers(
  servers: readonly DhcpServer[],
  { mode }: Pick<ServeWish, 'mode'>,
  expected: readonly string[],
): { readonly troubles: Trouble[]; readonly notes: string[] } {
  const isExpected = ({ address, server }: DhcpServer) =>
    expected.includes(address) || expected.includes(server);
  const givers = servers.filter(({ isProxy }) => !isProxy);
  const boots = servers.filter((one) => one.isProxy && !isExpected(one));
  const strange = givers.filter((one) => !isExpected(one));
  const troubles = boots.map((one) => ({
    message: `${describeServer(one)}: PCs would ask it, not us`,
    hint: 'find it by its MAC address at the switch, or stop its network boot (WDS, FOG, another Labkit)',
  }));
  if (mode === 'dhcp')
    for (const one of strange)
      troubles.push({
        message: `${describeServer(one)}, and so would we`,
        hint: 'use --mode proxy beside a DHCP server, or take it off the segment',
      });
  else if (givers.length > 1)
    for (const one of strange)
      troubles.push({
        message: `several DHCP servers: ${describeServer(one)}`,
        hint: 'take the foreign one off the network; name those that are meant: --dhcp-server ADDRESS',
      });
  const notes =
    mode !== 'dhcp' && givers.length === 0
      ? ['nobody gives addresses on this segment: PCs will not boot until a DHCP server answers']
      : givers.map((one) => `beside ${describeServer(one)}`);
  return { troubles, notes };
}

async function findBusyPorts(card: Card, wish: ServeWish): Promise<Trouble[]> {
  const udp = wish.mode === 'external' ? [69] : wish.mode === 'dhcp' ? [67, 69] : [67, 69, 4011];
  const holders = await findPortHolders(card.name, { udp, tcp: [wish.port] });
  return holders
    .filter(({ address }) => ['0.0.0.0', card.address].includes(address))
    .map(({ protocol, port, address, who }) => ({
      message: `port ${port} (${protocol}) on ${address} is held by ${who}`,
      hint:
        protocol === 'tcp'
          ? 'give another --port, or end it'
          : 'end it, or bind it to other interfaces: two programs cannot serve DHCP and TFTP there',
    }));
}

function isInstalled(program: string): boolean {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  return spawnSync(program, ['--version'], { env: { PATH: path } }).status === 0;
}
