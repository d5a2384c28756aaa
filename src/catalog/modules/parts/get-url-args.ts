import { bool, dict, int, path, str, texts } from '../../../model/arguments.ts';
import type { Value } from '../../../model/value.ts';
import type { Download } from './download-script.ts';
import { type AttributeWish, attributeArgs } from './path-attributes.ts';

/** The arguments of `get_url`. */
export interface GetUrlArgs extends AttributeWish {
  readonly url: string;
  readonly dest: string;
  readonly backup: boolean;
  readonly checksum: string;
  readonly force: boolean;
  readonly timeout: number;
  readonly headers: { readonly [name: string]: Value } | undefined;
  readonly tmp_dest: string | undefined;
  readonly url_username: string | undefined;
  readonly url_password: string | undefined;
  readonly force_basic_auth: boolean;
  readonly http_agent: string;
  readonly use_proxy: boolean;
  readonly validate_certs: boolean;
  readonly client_cert: string | undefined;
  readonly client_key: string | undefined;
  readonly unredirected_headers: readonly string[];
  readonly decompress: boolean;
  readonly use_netrc: boolean;
  readonly unsafe_writes: boolean;
}

export const getUrlArgs = {
  url: str({ required: true }),
  dest: path({ required: true }),
  backup: bool({ fallback: false }),
  checksum: str({ fallback: '' }),
  force: bool({ fallback: false, aliases: ['thirsty'] }),
  timeout: int({ fallback: 10 }),
  headers: dict(),
  tmp_dest: path({ ignored: 'the file is fetched beside its place' }),
  url_username: str({ aliases: ['username'] }),
  url_password: str({ secret: true, aliases: ['password'] }),
  force_basic_auth: bool({ fallback: false, ignored: 'name and password are always sent at once' }),
  http_agent: str({ fallback: 'ansible-httpget' }),
  use_proxy: bool({ fallback: true }),
  validate_certs: bool({ fallback: true }),
  client_cert: path(),
  client_key: path(),
  unredirected_headers: texts({
    fallback: [],
    ignored: 'curl and wget send headers on as they see fit',
  }),
  decompress: bool({ fallback: true, ignored: 'nothing compressed is asked for' }),
  use_netrc: bool({ fallback: true, ignored: 'no ~/.netrc is read' }),
  unsafe_writes: bool({ fallback: false }),
  ...attributeArgs,
};

export const digests = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
export type Digest = (typeof digests)[number];

/** The digest a file must have: written, or to be read from another address. */
export type Checksum =
  | { readonly digest: Digest; readonly hex: string }
  | { readonly digest: Digest; readonly url: string };

/** Reads `sha256:HEX` or `sha256:URL`. */
export function readChecksum(text: string): Checksum | undefined | { readonly problem: string } {
  if (text === '') return undefined;
  const at = text.indexOf(':');
  if (at === -1)
    return { problem: 'The checksum parameter has to be in format <algorithm>:<checksum>' };
  const digest = digests.find((each) => each === text.slice(0, at).toLowerCase());
  if (!digest)
    return { problem: `the digest ${text.slice(0, at)} is none of ${digests.join(', ')}` };
  const rest = text.slice(at + 1);
  if (/^(https?|ftp|file):/.test(rest)) return { digest, url: rest };
  const hex = rest.replaceAll(/\W+/g, '').toLowerCase();
  return /^[0-9a-f]+$/.test(hex) ? { digest, hex } : { problem: 'The checksum format is invalid' };
}

/** Finds the digest of a file in a list such as sha256sum(1) writes; a file of one word is the digest itself. */
export function findChecksum(list: string, name: string): string | undefined {
  const lines = list.split('\n').filter(Boolean);
  if (lines.length === 1 && /^\S+$/.test(lines[0]?.trim() ?? ''))
    return lines[0]?.trim().toLowerCase();
  for (const line of lines) {
    const [, hex, file] = /^(\S+) [ *]?(.*)$/.exec(line) ?? [];
    if (file?.replace(/^[./]+/, '') === name) return hex?.replaceAll(/\W+/g, '').toLowerCase();
  }
  return undefined;
}

/** How a task's address is fetched. */
export function downloadOf(args: GetUrlArgs, since: number | undefined): Download {
  return {
    url: args.url,
    headers: Object.entries(args.headers ?? {}).map(([name, value]) => `${name}: ${String(value)}`),
    user: args.url_username,
    password: args.url_password,
    timeoutSeconds: args.timeout,
    validateCerts: args.validate_certs,
    useProxy: args.use_proxy,
    agent: args.http_agent,
    clientCert: args.client_cert,
    clientKey: args.client_key,
    since,
    headOnly: false,
  };
}

/** The last part of an address's path; `index.html` where there is none. */
export function urlName(url: string): string {
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? '';
  return path.slice(path.lastIndexOf('/') + 1) || 'index.html';
}
