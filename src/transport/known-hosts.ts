import { createHash, createHmac } from 'node:crypto';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  readonly marker: '' | 'cert-authority' | 'revoked' | 'unknown';
  /** Patterns joined by commas, or one hashed name. */
  readonly names: string;
  readonly type: string;
  /** The public key in base64, as it stands in the file. */
  readonly key: string;
  readonly file: string;
  readonly line: number;
}

/** Reads a known_hosts file; comments, blank and torn lines are passed over as OpenSSH does. A line with an unknown marker is kept only so that nobody trusts it. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  const found: KnownHost[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim().split(/[ \t]+/);
    const first = words[0] ?? '';
    if (first === '' || first.startsWith('#')) continue;
    const marker = first.startsWith('@') ? markerOf(first) : '';
    const [names, type, key] = marker === '' ? words : words.slice(1);
    if (!names || !type || !key || !typeOfKey(key, type)) continue;
    found.push({ marker, names, type, key, file, line: index + 1 });
  }
  return found;
}

function markerOf(word: string): KnownHost['marker'] {
  if (word === '@cert-authority') return 'cert-authority';
  return word === '@revoked' ? 'revoked' : 'unknown';
}

function typeOfKey(base64: string, type: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return false;
  return keyTypeOf(Buffer.from(base64, 'base64')) === type;
}

/** The algorithm name a public key begins with (RFC 4253, 6.6), or ''. */
export function keyTypeOf(blob: Uint8Array): string {
  if (blob.length < 4) return '';
  const length = new DataView(blob.buffer, blob.byteOffset).getUint32(0);
  if (length > 100 || blob.length < 4 + length) return '';
  return Buffer.from(blob.subarray(4, 4 + length)).toString('latin1');
}

/** Whether a line speaks about a host. Names are compared in lower case; `names` in the file may hold `*`, `?`, `!` and hashed names. */
export function namesHost(entry: KnownHost, host: string): boolean {
  const name = host.toLowerCase();
  if (entry.names.startsWith('|1|')) return hashedNames(entry.names, name);
  let matched = false;
  for (const pattern of entry.names.toLowerCase().split(',')) {
    const negated = pattern.startsWith('!');
    if (!globMatches(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function hashedNames(hashed: string, name: string): boolean {
  const [salt, hash] = hashed.slice(3).split('|');
  if (!salt || !hash) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

/** Matches `*` and `?` (ssh_config(5), PATTERNS) without going back more than one star, so that no pattern takes long. */
export function globMatches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at++;
      resume = index;
    } else if (wanted === '?' || wanted === text[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** How known_hosts writes a host that listens on another port than 22. */
export function nameWithPort(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/** A key's fingerprint as OpenSSH prints it: `SHA256:` and base64 without padding. */
export function fingerprintOf(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
