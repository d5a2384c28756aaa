import { parseIp } from '../../model/ip.ts';
import { LabError } from '../../model/lab-error.ts';
import type { CommandOptions, FlagLine } from '../define-command.ts';
import type { ServiceWish } from './open-service.ts';

/** The flags that `netboot serve` and `netboot prepare` share. */
export const serveOptions: readonly FlagLine[] = [
  ['--interface <name>', "the PCs' network interface; default: the one in a room's subnet"],
  ['--mode <how>', 'proxy, dhcp or external', 'proxy'],
  ['--port <n>', 'TCP port of boot scripts and files', '8080'],
  ['--pool <first-last>', 'dhcp: addresses for PCs that nobody registered; default: none'],
  ['--dns <addresses>', 'dhcp: name servers that PCs are told, with commas'],
  [
    '--dhcp-server <address>',
    "the network's own DHCP server, where several answer; repeatable",
    [],
  ],
  [
    '--secure-boot-addresses',
    "proxy: give PCs with secure_boot their address of the register while their firmware boots; Debian's signed GRUB finds its files only so",
  ],
  [
    '--router-advertisements',
    "answer IPv6 router solicitations, as nobody's router: PCs wait 15 seconds less; only on a network that is yours",
  ],
];

const modes = ['proxy', 'dhcp', 'external'] as const;

/** Reads them; throws LabError 'usage'. */
export function readServeWish(options: CommandOptions): Omit<ServiceWish, 'say' | 'random'> {
  const mode = modes.find((one) => one === options['mode']);
  if (mode === undefined)
    throw new LabError('usage', `--mode ${String(options['mode'])}`, `write ${modes.join(', ')}`);
  const pool = readPool(options['pool']);
  if (pool && mode !== 'dhcp')
    throw new LabError('usage', '--pool is for --mode dhcp', 'beside a DHCP server it gives them');
  if (options['secureBootAddresses'] === true && mode !== 'proxy')
    throw new LabError(
      'usage',
      '--secure-boot-addresses is for --mode proxy',
      'in dhcp mode every registered PC gets its address',
    );
  const named = options['interface'];
  const dhcpServers = options['dhcpServer'];
  return {
    mode,
    port: readPort(String(options['port'])),
    routerAdvertisements: options['routerAdvertisements'] === true,
    secureBootAddresses: options['secureBootAddresses'] === true,
    dns: readAddresses('--dns', String(options['dns'] ?? '').split(',')),
    dhcpServers: readAddresses('--dhcp-server', Array.isArray(dhcpServers) ? dhcpServers : []),
    ...(pool && { pool }),
    ...(typeof named === 'string' && { interface: named }),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new LabError('usage', `--port ${text} is no port`, 'write 1 to 65535');
}

function readAddresses(flag: string, texts: readonly string[]): string[] {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      if (!text.includes(':') && 'ip' in parseIp(text)) return text;
      throw new LabError('usage', `${flag}: "${text}" is no IPv4 address`, 'such as 10.1.1.53');
    });
}

function readPool(value: CommandOptions[string]): { first: string; last: string } | undefined {
  if (typeof value !== 'string') return undefined;
  const [first = '', last = ''] = readAddresses('--pool', value.split('-'));
  if (first !== '' && last !== '') return { first, last };
  throw new LabError('usage', `--pool ${value}`, 'write the first and the last address: A-B');
}
