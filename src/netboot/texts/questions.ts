import { hexWord, ipxeWord } from './ipxe-words.ts';

/** What iPXE says of the PC it runs on, as one query. Names and serial numbers go as `hex_…`: Debian's iPXE 1.0.0+git-20190125 decodes `%26` and forgets to encode it again, and has no `params` command. */
const selfPortrait: readonly (readonly [name: string, setting: string])[] = [
  ['mac', 'netX/mac:hexhyp'],
  ['uuid', 'uuid'],
  ['hex_serial', 'serial:hexraw'],
  ['hex_manufacturer', 'manufacturer:hexraw'],
  ['hex_product', 'product:hexraw'],
  ['hex_asset', 'asset:hexraw'],
  ['platform', 'platform'],
  ['buildarch', 'buildarch'],
  ['secureboot', 'efi/SecureBoot:uint8'],
  ['ip', 'netX/ip'],
  ['netmask', 'netX/netmask'],
  ['gateway', 'netX/gateway'],
  ['dns', 'netX/dns'],
];

/** The URL of a question that iPXE asks: who it is, and `more`: texts, or iPXE settings as `{ setting }`. `user` and its password setting go into the header Authorization, never into the request line. */
export function questionUrl(
  server: string,
  path: string,
  more: { readonly [name: string]: string | { readonly setting: string } } = {},
  login?: { readonly user: string; readonly setting: string },
): string {
  const base = ipxeWord(server);
  const said = selfPortrait.map(([name, setting]) => `${name}=\${${setting}}`);
  const asked = Object.entries(more).map(([name, value]) =>
    typeof value === 'string'
      ? `hex_${name}=${hexWord(value)}`
      : `hex_${name}=\${${value.setting}:hexraw}`,
  );
  const withLogin = login
    ? base.replace('://', `://${login.user}:\${${login.setting}:uristring}@`)
    : base;
  return `${withLogin}${path}?${[...said, ...asked].join('&')}`;
}
