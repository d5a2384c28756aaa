import { sha1Hex } from '../../../model/sha1.ts';

/** A line of known_hosts (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
interface HostLine {
  readonly marker: string;
  readonly host: string;
  readonly type: string;
  readonly key: string;
}

/** What a search for a host found. */
export interface HostFound {
  readonly found: boolean;
  /** The key is there under another text, or of that type with another key. */
  readonly replaces: boolean;
  /** Counted from 1; undefined when no line has a key of that type. */
  readonly line: number | undefined;
}

/** Reads what `ssh-keygen -F` printed, and compares it with the wished key. */
export function readSearch(printed: string, key: string | undefined): HostFound {
  if (printed === '') return { found: false, replaces: false, line: undefined };
  if (key === undefined) return { found: true, replaces: false, line: undefined };
  const wanted = parseHostLine(key);
  let line: number | undefined;
  for (const text of printed.split('\n').filter(Boolean)) {
    if (text.startsWith('#')) {
      line = Number(/found: line (\d+)/.exec(text)?.[1]);
      continue;
    }
    const found = parseHostLine(text);
    if (isSameLine(wanted, found)) return { found: true, replaces: false, line };
    if (wanted.type === found.type) return { found: true, replaces: true, line };
  }
  return { found: true, replaces: true, line: undefined };
}

function parseHostLine(text: string): HostLine {
  const words = text.trim().split(/\s+/);
  const marker = words[0]?.startsWith('@') ? (words.shift() ?? '') : '';
  const [host = '', type = '', key = ''] = words;
  return { marker, host, type, key };
}

// two hashed names of one host differ by their salt alone
function isSameLine(one: HostLine, other: HostLine): boolean {
  const bothHashed = one.host.startsWith('|1|') && other.host.startsWith('|1|');
  const sameHost = bothHashed || one.host === other.host;
  return (
    sameHost && one.marker === other.marker && one.type === other.type && one.key === other.key
  );
}

/** The key's line with its host hashed, `|1|SALT|HMAC-SHA1(SALT, HOST)|`; the salt need only differ from others. */
export function hashHost(key: string, host: string, seed: string): string {
  const words = key.trim().split(/\s+/);
  const at = words[0]?.startsWith('@') ? 1 : 0;
  const salt = bytesOfHex(sha1Hex(new TextEncoder().encode(seed)));
  words[at] = `|1|${toBase64(salt)}|${toBase64(hmacSha1(salt, new TextEncoder().encode(host)))}`;
  return words.join(' ');
}

/** HMAC of RFC 2104 with SHA-1, for keys of at most 64 bytes. */
function hmacSha1(key: Uint8Array, message: Uint8Array): Uint8Array {
  const pad = (by: number) => Uint8Array.from({ length: 64 }, (_, at) => (key[at] ?? 0) ^ by);
  const inner = bytesOfHex(sha1Hex(Uint8Array.from([...pad(0x36), ...message])));
  return bytesOfHex(sha1Hex(Uint8Array.from([...pad(0x5c), ...inner])));
}

function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
