import type { ConfiguredSource, ObservedSource } from '../../model/discovery.ts';
import { parseSubnet, type Subnet } from '../../model/ip.ts';
import { LabError } from '../../model/lab-error.ts';
import { discover } from '../../registry/discover.ts';
import { type LookedAt, reportDiscovery } from '../../report/discover-report.ts';
import { observeNeighbours, scanSegment } from '../../store/observe.ts';
import type { Context } from '../context.ts';
import { type CommandOptions, defineCommand } from '../define-command.ts';
import { loadHostsToRead } from '../load-hosts.ts';
import { loadNamedFiles, type NamedSource, readConfigured, readObserved } from '../load-sources.ts';
import { openProjectStore } from '../open-store.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'inventory discover [pattern]',
  summary: 'Registered, configured and observed side by side; each mismatch named',
  description:
    "Looks at this machine's neighbour table unless files are named; changes nothing. Only --scan sends anything: one question for each address.\n" +
    'Exit code 2 when there are findings.',
  options: [
    ['--from <format:file>', 'a saved table or lease file, such as arp:arp.txt; repeatable', []],
    [
      '--configured <format:file>',
      'a live configuration, such as dnsmasq:lab.conf; repeatable',
      [],
    ],
    ['--live', 'look at the neighbour table also when files are named'],
    ['--scan', 'ask every address of the segment with arp-scan (needs root)'],
    ['--interface <name>', 'network interface to scan from'],
    [
      '--subnet <cidr>',
      'where unregistered PCs count, and what is scanned; default: the rooms of the hosts named',
    ],
    ['--days <n>', 'a PC last seen longer ago is a ghost', '30'],
  ],
  families: ['inventory', 'output', 'project'],
  examples: [
    'inventory discover lab_a',
    'inventory discover lab_a --scan --subnet 10.1.1.0/24',
    'inventory discover --from mac-huawei:sw1.txt --from dnsmasq-leases:dnsmasq.leases --configured huawei:sw1.cfg',
  ],
  async run(context, [pattern], options) {
    const { loaded, hosts } = await loadHostsToRead(context, pattern as string | undefined);
    const asked = typeof options['subnet'] === 'string' ? options['subnet'] : undefined;
    const written = asked === undefined ? [] : [readSubnet(asked)];
    const subnets =
      asked !== undefined || pattern === undefined
        ? written
        : subnetsOf(hosts.map(({ room }) => room?.subnet ?? ''));
    const files = await loadNamedFiles(context, '--from', listOf(options['from']));
    const live = await observe(context, options, files.length, asked);
    const observed = await readObserved(context, [...files, ...live]);
    const configured = await readConfigured(
      context,
      await loadNamedFiles(context, '--configured', listOf(options['configured'])),
    );
    const store = await openProjectStore(context);
    const nowMs = context.io.now();
    const found = discover({
      ...{ inventory: loaded.inventory, chosen: hosts, configured, observed, subnets, nowMs },
      facts: store.listFacts(),
      reached: store.listSeen(),
      withinDays: readDays(String(options['days'])),
    });
    const sources = [...observed.map(lookedAt), ...configured.map(lookedAt)];
    const at = new Date(nowMs).toISOString();
    await showReport(context, reportDiscovery(found, sources, at, context.settings.lang));
    return found.findings.length > 0 ? 2 : 0;
  },
});

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value : [];
}

function readSubnet(text: string): Subnet {
  const parsed = parseSubnet(text);
  if ('subnet' in parsed) return parsed.subnet;
  throw new LabError('usage', `--subnet: ${parsed.problem}`, parsed.hint);
}

/** A room's subnet that cannot be read is what `inventory validate` tells; here it limits nothing. */
function subnetsOf(texts: readonly string[]): Subnet[] {
  return [...new Set(texts)].flatMap((text) => {
    const parsed = parseSubnet(text);
    return 'subnet' in parsed ? [parsed.subnet] : [];
  });
}

async function observe(
  { io }: Context,
  options: CommandOptions,
  files: number,
  subnet: string | undefined,
): Promise<NamedSource[]> {
  const card = typeof options['interface'] === 'string' ? options['interface'] : undefined;
  const sources: NamedSource[] = [];
  if (options['scan'] === true) sources.push(await scanSegment({ subnet, interface: card }, io));
  if (options['live'] === true || files === 0) sources.push(await observeNeighbours(io));
  return sources;
}

function readDays(text: string): number {
  const days = Number(text);
  if (text.trim() !== '' && days > 0 && days <= 36_500) return days;
  throw new LabError(
    'usage',
    `--days ${text} is not a number of days`,
    'write a number, such as 30',
  );
}

function lookedAt(
  source: { readonly name: string; readonly format: string } & (ObservedSource | ConfiguredSource),
): LookedAt {
  const { name, format } = source;
  return 'rows' in source
    ? { name, format, role: 'observed', entries: source.rows.length }
    : { name, format, role: 'configured', entries: source.bindings.length };
}
