import { type ClientKind, chooseLoaders, clientKinds } from './clients.ts';
import { scriptUrl } from './render.ts';
import { word } from './words.ts';

/** What a DHCP server that somebody else runs has to be told. */
export interface ExternalSettings {
  /** This machine's address: it serves TFTP and HTTP. */
  readonly address: string;
  readonly server: string;
  readonly loaders: ReadonlySet<string>;
  readonly loaderUrl: (name: string) => string;
}

/** DHCP servers whose language is spoken here. */
export const externalProducts = ['dnsmasq', 'kea', 'isc', 'windows'] as const;
export type ExternalProduct = (typeof externalProducts)[number];

/** One row of the table: which clients, and what they load. */
interface Row {
  readonly kind: ClientKind;
  readonly file: string;
}

/** Lines for the network's own DHCP server, which then sends its PCs here; nothing else of it changes. The server must be dnsmasq >= 2.76, Kea >= 2.0, ISC dhcpd >= 4.3, Windows Server >= 2012. */
export function renderExternal(product: ExternalProduct, settings: ExternalSettings): string {
  const address = word('ip', settings.address);
  const rows = clientKinds.flatMap((kind): Row[] => {
    const { plain, shim } = chooseLoaders(kind, settings.loaders);
    const name = plain === '' ? shim : plain;
    if (name === '') return [];
    return [{ kind, file: kind.http ? word('url', settings.loaderUrl(name)) : name }];
  });
  const script = word('url', scriptUrl(settings.server));
  return `${products[product](rows, address, script).join('\n')}\n`;
}

const products: {
  readonly [P in ExternalProduct]: (
    rows: readonly Row[],
    address: string,
    script: string,
  ) => string[];
} = { dnsmasq: writeDnsmasq, kea: writeKea, isc: writeIsc, windows: writeWindows };

function writeDnsmasq(rows: readonly Row[], address: string, script: string): string[] {
  return [
    'dhcp-match=set:ipxe,175',
    'dhcp-userclass=set:ipxe,iPXE',
    ...rows.flatMap(({ kind, file }) => [
      ...kind.architectures.map((each) => `dhcp-match=set:${kind.tag},option:client-arch,${each}`),
      `dhcp-boot=tag:!ipxe,tag:${kind.tag},${file},,${address}`,
      ...(kind.http
        ? [`dhcp-option-force=tag:!ipxe,tag:${kind.tag},option:vendor-class,HTTPClient`]
        : []),
    ]),
    `dhcp-boot=tag:ipxe,${script},,${address}`,
  ];
}

/** A part of "Dhcp4" (Kea Administrator Reference Manual, client classification). */
function writeKea(rows: readonly Row[], address: string, script: string): string[] {
  const isIpxe = 'option[175].exists or option[77].hex == 0x69505845';
  const classes = rows.map(({ kind, file }) => {
    const test = kind.architectures.map((each) => `option[93].hex == 0x${hex4(each)}`).join(' or ');
    return {
      name: `labkit-${kind.tag}`,
      test: `(${test}) and not (${isIpxe})`,
      'next-server': address,
      'boot-file-name': file,
      ...(kind.http
        ? { 'option-data': [{ name: 'vendor-class-identifier', data: 'HTTPClient' }] }
        : {}),
    };
  });
  const last = {
    name: 'labkit-ipxe',
    test: isIpxe,
    'next-server': address,
    'boot-file-name': script,
  };
  return JSON.stringify({ 'client-classes': [last, ...classes] }, null, 2).split('\n');
}

/** For dhcpd.conf (dhcp-options(5), dhcp-eval(5)); iPXE before the others. */
function writeIsc(rows: readonly Row[], address: string, script: string): string[] {
  const branches = rows.flatMap(({ kind, file }) => [
    `} elsif ${kind.architectures.map((each) => `option labkit-arch = ${hexPairs(each)}`).join(' or ')} {`,
    ...(kind.http ? ['  option vendor-class-identifier "HTTPClient";'] : []),
    `  filename "${file}";`,
  ]);
  return [
    'option labkit-arch code 93 = string;',
    'option labkit-ipxe code 175 = string;',
    `next-server ${address};`,
    'if exists labkit-ipxe or exists user-class and option user-class = "iPXE" {',
    `  filename "${script}";`,
    ...branches,
    '}',
  ];
}

/** For an elevated PowerShell on the DHCP server; its policies cannot look at option 175, so iPXE is known by its user class. */
function writeWindows(rows: readonly Row[], address: string, script: string): string[] {
  const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const policy = (name: string, condition: string, file: string, order: number) => [
    `Add-DhcpServerv4Policy -Name ${quote(name)} -Condition And ${condition} -ProcessingOrder ${order}`,
    `Set-DhcpServerv4OptionValue -PolicyName ${quote(name)} -OptionId 66 -Value ${quote(address)}`,
    `Set-DhcpServerv4OptionValue -PolicyName ${quote(name)} -OptionId 67 -Value ${quote(file)}`,
  ];
  return [
    "Add-DhcpServerv4Class -Name 'Labkit iPXE' -Type User -Data 'iPXE'",
    ...policy('Labkit iPXE', "-UserClass EQ,'Labkit iPXE'", script, 1),
    ...rows.flatMap(({ kind, file }, at) =>
      kind.architectures.flatMap((each, turn) => {
        const name = `Labkit ${kind.tag}${turn === 0 ? '' : ` ${each}`}`;
        const vendor = `${kind.http ? 'HTTPClient' : 'PXEClient'}:Arch:${String(each).padStart(5, '0')}`;
        return [
          `Add-DhcpServerv4Class -Name ${quote(name)} -Type Vendor -Data ${quote(vendor)}`,
          ...policy(name, `-VendorClass EQ,${quote(`${name}*`)}`, file, 2 + at * 3 + turn),
          ...(kind.http
            ? [
                `Set-DhcpServerv4OptionValue -PolicyName ${quote(name)} -OptionId 60 -Value 'HTTPClient'`,
              ]
            : []),
        ];
      }),
    ),
  ];
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** `00:07`, as dhcp-eval(5) writes bytes. */
function hexPairs(value: number): string {
  return hex4(value).replace(/(..)(..)/, '$1:$2');
}
