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
  /** PCs with Secure Boot on (lower-case, colons): they start nothing but shim. */
  readonly secureBootMacs: readonly string[];
}

/** DHCP servers whose language is spoken here. */
export const externalProducts = ['dnsmasq', 'kea', 'isc', 'windows'] as const;
export type ExternalProduct = (typeof externalProducts)[number];

/** One row of the table: which clients, and what they load. */
interface Row {
  readonly kind: ClientKind;
  readonly file: string;
}

/** The whole table, as every product is told it. */
interface Table {
  readonly address: string;
  readonly script: string;
  readonly rows: readonly Row[];
  /** What the PCs of `secureMacs` load; empty where there are none. */
  readonly secureRows: readonly Row[];
  readonly secureMacs: readonly string[];
}

/** Lines for the network's own DHCP server, which then sends its PCs here; nothing else of it changes. The server must be dnsmasq >= 2.76, Kea >= 2.0, ISC dhcpd >= 4.3, Windows Server >= 2012. */
export function renderExternal(product: ExternalProduct, settings: ExternalSettings): string {
  const { loaders, loaderUrl } = settings;
  const secureMacs = settings.secureBootMacs.map((mac) => word('mac', mac));
  const row = (kind: ClientKind, name: string): Row[] =>
    name === '' ? [] : [{ kind, file: kind.http ? word('url', loaderUrl(name)) : name }];
  const table: Table = {
    address: word('ip', settings.address),
    script: word('url', scriptUrl(settings.server)),
    rows: clientKinds.flatMap((kind) => {
      const { plain, shim } = chooseLoaders(kind, loaders);
      return row(kind, plain === '' ? shim : plain);
    }),
    secureRows:
      secureMacs.length === 0
        ? []
        : clientKinds.flatMap((kind) => row(kind, chooseLoaders(kind, loaders).shim)),
    secureMacs,
  };
  return `${products[product](table).join('\n')}\n`;
}

/** Firmware that shim is there for; PCs with Secure Boot get the plain loader by any other. */
function hasShim({ kind }: Row, secureRows: readonly Row[]): boolean {
  return secureRows.some((secure) => secure.kind === kind);
}

const products: { readonly [P in ExternalProduct]: (table: Table) => string[] } = {
  dnsmasq: writeDnsmasq,
  kea: writeKea,
  isc: writeIsc,
  windows: writeWindows,
};

function writeDnsmasq({ rows, secureRows, secureMacs, address, script }: Table): string[] {
  const boot = (tags: string, { kind, file }: Row) => [
    `dhcp-boot=tag:!ipxe,${tags}tag:${kind.tag},${file},,${address}`,
    ...(kind.http
      ? [`dhcp-option-force=tag:!ipxe,${tags}tag:${kind.tag},option:vendor-class,HTTPClient`]
      : []),
  ];
  return [
    'dhcp-match=set:ipxe,175',
    'dhcp-userclass=set:ipxe,iPXE',
    ...secureMacs.map((mac) => `dhcp-mac=set:secure,${mac}`),
    ...rows.flatMap(({ kind }) =>
      kind.architectures.map((each) => `dhcp-match=set:${kind.tag},option:client-arch,${each}`),
    ),
    ...rows.flatMap((row) => boot(hasShim(row, secureRows) ? 'tag:!secure,' : '', row)),
    ...secureRows.flatMap((row) => boot('tag:secure,', row)),
    `dhcp-boot=tag:ipxe,${script},,${address}`,
  ];
}

/** A part of "Dhcp4" (Kea Administrator Reference Manual, client classification). */
function writeKea({ rows, secureRows, secureMacs, address, script }: Table): string[] {
  const isIpxe = 'option[175].exists or option[77].hex == 0x69505845';
  const isSecure = secureMacs.map((mac) => `pkt4.mac == 0x${mac.replaceAll(':', '')}`).join(' or ');
  const classOf = (suffix: string, more: string, { kind, file }: Row) => {
    const test = kind.architectures.map((each) => `option[93].hex == 0x${hex4(each)}`).join(' or ');
    return {
      name: `labkit-${kind.tag}${suffix}`,
      test: `(${test}) and not (${isIpxe})${more}`,
      'next-server': address,
      'boot-file-name': file,
      ...(kind.http
        ? { 'option-data': [{ name: 'vendor-class-identifier', data: 'HTTPClient' }] }
        : {}),
    };
  };
  const ipxe = { name: 'labkit-ipxe', test: isIpxe };
  const others = ` and not (${isSecure})`;
  const classes = [
    { ...ipxe, 'next-server': address, 'boot-file-name': script },
    ...secureRows.map((row) => classOf('-secure', ` and (${isSecure})`, row)),
    ...rows.map((row) => classOf('', hasShim(row, secureRows) ? others : '', row)),
  ];
  return JSON.stringify({ 'client-classes': classes }, null, 2).split('\n');
}

/** For dhcpd.conf (dhcp-options(5), dhcp-eval(5)); iPXE before the others. */
function writeIsc({ rows, secureRows, secureMacs, address, script }: Table): string[] {
  const load = ({ kind, file }: Row) => [
    ...(kind.http ? ['option vendor-class-identifier "HTTPClient";'] : []),
    `filename "${file}";`,
  ];
  const asks = ({ kind }: Row) =>
    kind.architectures.map((each) => `option labkit-arch = ${hexPairs(each)}`).join(' or ');
  const branches = rows.flatMap((row) => [
    `} elsif ${asks(row)} {`,
    ...load(row).map((line) => `  ${line}`),
  ]);
  const isIpxe = 'exists labkit-ipxe or exists user-class and option user-class = "iPXE"';
  return [
    'option labkit-arch code 93 = string;',
    'option labkit-ipxe code 175 = string;',
    `next-server ${address};`,
    `if ${isIpxe} {`,
    `  filename "${script}";`,
    ...branches,
    '}',
    ...(secureRows.length === 0
      ? []
      : [
          // What a class says goes over what stands outside of it.
          'class "labkit-secure-boot" {',
          '  match hardware;',
          `  if ${isIpxe} {`,
          `    filename "${script}";`,
          ...secureRows.flatMap((row) => [
            `  } elsif ${asks(row)} {`,
            ...load(row).map((line) => `    ${line}`),
          ]),
          '  }',
          '}',
          ...secureMacs.map((mac) => `subclass "labkit-secure-boot" 1:${mac};`),
        ]),
  ];
}

/** For an elevated PowerShell on the DHCP server; its policies cannot look at option 175, so iPXE is known by its user class. */
function writeWindows({ rows, secureRows, secureMacs, address, script }: Table): string[] {
  const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
  let order = 0;
  const policy = (name: string, condition: string, file: string, isHttp: boolean) => {
    order += 1;
    const set = (id: number, value: string) =>
      `Set-DhcpServerv4OptionValue -PolicyName ${quote(name)} -OptionId ${id} -Value ${quote(value)}`;
    return [
      `Add-DhcpServerv4Policy -Name ${quote(name)} -Condition And ${condition} -ProcessingOrder ${order}`,
      ...[set(66, address), set(67, file), ...(isHttp ? [set(60, 'HTTPClient')] : [])],
    ];
  };
  const cases = (of: readonly Row[]) =>
    of.flatMap(({ kind, file }) =>
      kind.architectures.map((each, turn) => {
        const vendor = `${kind.http ? 'HTTPClient' : 'PXEClient'}:Arch:${String(each).padStart(5, '0')}`;
        return {
          ...{ file, vendor, isHttp: kind.http },
          name: `Labkit ${kind.tag}${turn === 0 ? '' : ` ${each}`}`,
        };
      }),
    );
  const macs = secureMacs.map((mac) => quote(mac.replaceAll(':', '').toUpperCase())).join();
  return [
    "Add-DhcpServerv4Class -Name 'Labkit iPXE' -Type User -Data 'iPXE'",
    ...cases(rows).map(
      ({ name, vendor }) =>
        `Add-DhcpServerv4Class -Name ${quote(name)} -Type Vendor -Data ${quote(vendor)}`,
    ),
    ...policy('Labkit iPXE', "-UserClass EQ,'Labkit iPXE'", script, false),
    ...cases(secureRows).flatMap(({ name, file, isHttp }) => {
      const condition = `-VendorClass EQ,${quote(`${name}*`)} -MacAddress EQ,${macs}`;
      return policy(`${name} Secure Boot`, condition, file, isHttp);
    }),
    ...cases(rows).flatMap(({ name, file, isHttp }) =>
      policy(name, `-VendorClass EQ,${quote(`${name}*`)}`, file, isHttp),
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
