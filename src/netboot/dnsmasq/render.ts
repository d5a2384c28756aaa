import {
  givenTag,
  hasBootAddresses,
  renderBootAddresses,
  renderBootRanges,
} from './boot-addresses.ts';
import { type ClientKind, chooseLoaders, clientKinds } from './clients.ts';
import { word } from './words.ts';

/** A subnet whose PCs are served: dotted quads. */
export interface ServedSubnet {
  readonly network: string;
  readonly netmask: string;
  /** '' where no way out is told. */
  readonly gateway: string;
  /** Addresses for PCs that nobody registered, in dhcp mode; without it they get none. */
  readonly pool?: { readonly first: string; readonly last: string };
}

/** One registered PC: every MAC address it may ask with (lower-case, colons), the address it gets, its name. */
export interface Reservation {
  readonly macs: readonly string[];
  readonly ip: string;
  readonly name: string;
}

/** What dnsmasq's configuration is made from. */
export interface DnsmasqSettings {
  /** proxy: boot answers only, beside the network's own DHCP server. dhcp: addresses too, from the register. tftp: files only, another DHCP server names them. */
  readonly mode: 'proxy' | 'dhcp' | 'tftp';
  readonly interface: string;
  /** This machine's address there. */
  readonly address: string;
  /** Base URL of the boot service, without a slash at its end. */
  readonly server: string;
  readonly subnets: readonly ServedSubnet[];
  readonly tftpRoot: string;
  /** Names of loaders that lie in the TFTP root. */
  readonly loaders: ReadonlySet<string>;
  /** The same files by URL, for UEFI HTTP Boot. */
  readonly loaderUrl: (name: string) => string;
  /** PCs with Secure Boot on: they start nothing but shim. */
  readonly secureBootMacs: readonly string[];
  readonly reservations: readonly Reservation[];
  /** proxy: PCs with Secure Boot whose firmware gets its address from us all the same; nobody else does. */
  readonly bootAddresses: readonly Reservation[];
  readonly dns: readonly string[];
  readonly domain: string;
  readonly leaseFile: string;
  readonly pidFile: string;
  /** What dnsmasq becomes once its ports are open; '' leaves it as it is. */
  readonly user: string;
  /** Answers router solicitations, as nobody's router: spares iPXE 15 seconds, but is for the network's owner to decide. */
  readonly routerAdvertisements: boolean;
}

/** UDP ports that TFTP answers from, beside port 69. */
export const tftpPorts = { first: 49_152, last: 49_407 } as const;

/** The URL that iPXE asks first; `netX` is the card it booted from. */
export function scriptUrl(server: string): string {
  return `${server}/boot/\${netX/mac:hexhyp}`;
}

/** The configuration (dnsmasq(8)); refuses values that are no single word of their kind. */
export function renderDnsmasq(settings: DnsmasqSettings): string {
  return [
    ['what it is', renderBase(settings)] as const,
    ['files, read only', renderTftp(settings)] as const,
    ...(settings.mode === 'tftp' ? [] : renderDhcp(settings)),
  ]
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `# ${title}\n${lines.join('\n')}\n`)
    .join('\n');
}

function renderDhcp(settings: DnsmasqSettings): (readonly [string, readonly string[]])[] {
  return [
    ['what asks: option 93, and iPXE by option 175 or its user class', renderMatches(settings)],
    ['what it is told to load', kindsOf(settings).flatMap((kind) => renderLoader(settings, kind))],
    ['what iPXE asks next', renderScript(settings)],
    [
      'whom it serves',
      [
        ...renderBootRanges(settings),
        ...settings.subnets.flatMap((subnet, at) => renderSubnet(settings, subnet, at)),
      ],
    ],
    ['registered PCs', settings.mode === 'dhcp' ? settings.reservations.map(renderHost) : []],
    ['addresses for firmware with Secure Boot, for nothing else', renderBootAddresses(settings)],
    ['no wait for a router in iPXE', renderAdvertisements(settings)],
  ];
}

function renderBase({ mode, ...settings }: DnsmasqSettings): string[] {
  return [
    'port=0',
    `interface=${word('interface', settings.interface)}`,
    'except-interface=lo',
    'bind-interfaces',
    'no-hosts',
    'no-resolv',
    ...(mode === 'tftp' ? [] : ['log-dhcp']),
    `pid-file=${word('path', settings.pidFile)}`,
    ...(settings.user === '' ? [] : [`user=${word('name', settings.user)}`]),
    ...(mode === 'proxy' ? ['leasefile-ro'] : []),
    ...(mode !== 'dhcp'
      ? []
      : [
          `dhcp-leasefile=${word('path', settings.leaseFile)}`,
          'dhcp-authoritative',
          // It would keep every other PC waiting for up to three seconds.
          'no-ping',
          // Firmware, installer and system send different ids; one PC is one MAC address.
          'dhcp-ignore-clid',
        ]),
  ];
}

function renderTftp(settings: DnsmasqSettings): string[] {
  return [
    `enable-tftp=${word('interface', settings.interface)}`,
    `tftp-root=${word('path', settings.tftpRoot)}`,
    // What a firewall has to let through; dnsmasq 2.90 cannot serve UEFI from port 69 alone (tftp-single-port: "Network is unreachable").
    `tftp-port-range=${tftpPorts.first},${tftpPorts.last}`,
    'tftp-max=200',
  ];
}

function kindsOf({ loaders }: DnsmasqSettings): ClientKind[] {
  return clientKinds.filter((kind) => {
    const { plain, shim } = chooseLoaders(kind, loaders);
    return plain !== '' || shim !== '';
  });
}

function renderMatches(settings: DnsmasqSettings): string[] {
  return [
    'dhcp-match=set:ipxe,175',
    'dhcp-userclass=set:ipxe,iPXE',
    ...kindsOf(settings).flatMap(({ tag, architectures }) =>
      architectures.map((number) => `dhcp-match=set:${tag},option:client-arch,${number}`),
    ),
    ...settings.secureBootMacs.map((mac) => `dhcp-mac=set:secure,${word('mac', mac)}`),
  ];
}

/** With Secure Boot on a PC is only offered what it will start, without it the plain loader. */
function renderLoader(settings: DnsmasqSettings, kind: ClientKind): string[] {
  const { plain, shim } = chooseLoaders(kind, settings.loaders);
  const both: readonly (readonly [string, string])[] =
    plain === shim || plain === '' || shim === ''
      ? [['', plain === '' ? shim : plain]]
      : [
          ['tag:!secure,', plain],
          ['tag:secure,', shim],
        ];
  return both.flatMap(([tags, name]) => renderOffer(settings, kind, tags, name));
}

function renderOffer(
  settings: DnsmasqSettings,
  { tag, http, architectures }: ClientKind,
  tags: string,
  name: string,
): string[] {
  const { mode, address, loaderUrl } = settings;
  const server = word('ip', address);
  const others = hasBootAddresses(settings) ? `tag:!${givenTag},` : '';
  const who = `tag:!ipxe,${others}${tags}tag:${tag}`;
  // Beside another DHCP server dnsmasq answers `PXEClient` only.
  if (http)
    return mode === 'proxy'
      ? []
      : [
          `dhcp-boot=${who},${word('url', loaderUrl(name))},,${server}`,
          `dhcp-option-force=${who},option:vendor-class,HTTPClient`,
        ];
  return mode === 'dhcp'
    ? [`dhcp-boot=${who},${name},,${server}`]
    : architectures.map(
        (number) => `pxe-service=${who},${number},"Network boot",${name},${server}`,
      );
}

/** The address at its end is needed: without it BIOS clients in proxy mode are told no server, and iPXE ends with "Nothing to boot". */
function renderScript({ server, address }: DnsmasqSettings): string[] {
  return [`dhcp-boot=tag:ipxe,${word('url', scriptUrl(server))},,${word('ip', address)}`];
}

function renderSubnet(settings: DnsmasqSettings, subnet: ServedSubnet, at: number): string[] {
  const network = word('ip', subnet.network);
  const netmask = word('ip', subnet.netmask);
  if (settings.mode === 'proxy')
    return [
      `dhcp-range=${hasBootAddresses(settings) ? `tag:!${givenTag},` : ''}${network},proxy,${netmask}`,
    ];
  const tag = `net${at}`;
  const { pool, gateway } = subnet;
  return [
    `dhcp-range=set:${tag},${network},static,${netmask},12h`,
    ...(pool === undefined
      ? []
      : [`dhcp-range=set:${tag},${word('ip', pool.first)},${word('ip', pool.last)},${netmask},1h`]),
    // Without a value dnsmasq would name itself as the router.
    `dhcp-option=tag:${tag},option:router${gateway === '' ? '' : `,${word('ip', gateway)}`}`,
    ...(settings.dns.length === 0
      ? []
      : [
          `dhcp-option=tag:${tag},option:dns-server,${settings.dns.map((ip) => word('ip', ip)).join()}`,
        ]),
    ...(settings.domain === ''
      ? []
      : [`dhcp-option=tag:${tag},option:domain-name,${word('domain', settings.domain)}`]),
  ];
}

function renderHost({ macs, ip, name }: Reservation): string {
  const words = [...macs.map((mac) => word('mac', mac)), word('ip', ip), word('name', name), '12h'];
  return `dhcp-host=${words.join()}`;
}

/** A prefix of our own (RFC 4193) that is only announced, and the lifetime of a router of zero seconds. */
function renderAdvertisements(settings: DnsmasqSettings): string[] {
  return settings.routerAdvertisements
    ? [
        'enable-ra',
        'dhcp-range=fd77::,ra-only,64,1h',
        `ra-param=${word('interface', settings.interface)},60,0`,
      ]
    : [];
}
