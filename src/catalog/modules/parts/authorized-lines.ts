/** One line of an authorized_keys file (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"). */
export interface KeyLine {
  /** What the line is known by: the key's body, or the whole line when it is no key. */
  readonly id: string;
  /** undefined for a comment or a line that is no key. */
  readonly type: string | undefined;
  /** In order; without a value for those that are only a word. */
  readonly options: readonly (readonly [name: string, value: string | undefined])[];
  readonly comment: string;
  readonly rank: number;
}

const keyTypes = new Set([
  'sk-ecdsa-sha2-nistp256@openssh.com',
  'sk-ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'webauthn-sk-ecdsa-sha2-nistp256@openssh.com',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp256-cert-v01@openssh.com',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp384-cert-v01@openssh.com',
  'ecdsa-sha2-nistp521',
  'ecdsa-sha2-nistp521-cert-v01@openssh.com',
  'sk-ssh-ed25519@openssh.com',
  'sk-ssh-ed25519-cert-v01@openssh.com',
  'ssh-ed25519',
  'ssh-ed25519-cert-v01@openssh.com',
  'ssh-dss',
  'ssh-dss-cert-v01@openssh.com',
  'ssh-rsa',
  'ssh-rsa-cert-v01@openssh.com',
  'ssh-xmss@openssh.com',
  'ssh-xmss-cert-v01@openssh.com',
  'rsa-sha2-256',
  'rsa-sha2-256-cert-v01@openssh.com',
  'rsa-sha2-512',
  'rsa-sha2-512-cert-v01@openssh.com',
]);

/** Splits options at commas outside of quotes. */
export function parseKeyOptions(text: string): KeyLine['options'] {
  const parts = text.match(/(?:[^,"']|"[^"]*"|'[^']*')+/g) ?? [];
  return parts.map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [part, undefined] : [part.slice(0, at), part.slice(at + 1)];
  });
}

/** Parses one line; undefined when there is no key in it. */
export function parseKeyLine(line: string, rank: number): KeyLine | undefined {
  const words = line.replaceAll('\\#', '#').split(/\s+/).filter(Boolean);
  const at = words.findIndex((word) => keyTypes.has(word));
  const id = words[at + 1];
  if (at < 0 || id === undefined || words[0]?.startsWith('#')) return undefined;
  return {
    id,
    type: words[at],
    options: parseKeyOptions(words.slice(0, at).join(' ')),
    comment: words.slice(at + 2).join(' '),
    rank,
  };
}

/** All lines of a file by what they are known by; of a key that comes twice the last one counts. */
export function parseKeyFile(text: string): Map<string, KeyLine> {
  const lines = new Map<string, KeyLine>();
  for (const [rank, line] of (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).entries()) {
    const whole = line.endsWith('\n') ? line : `${line}\n`;
    const key = parseKeyLine(line, rank) ?? {
      id: whole,
      type: undefined,
      options: [],
      comment: '',
      rank,
    };
    lines.set(key.id, key);
  }
  return lines;
}

/** The text of a file. */
export function renderKeys(lines: Iterable<KeyLine>): string {
  return Array.from(lines)
    .sort((a, b) => a.rank - b.rank)
    .map(renderKey)
    .join('');
}

function renderKey({ id, type, options, comment }: KeyLine): string {
  if (type === undefined) return id;
  const words = options.map(([name, value]) => (value === undefined ? name : `${name}=${value}`));
  const before = words.length === 0 ? '' : `${words.join(',')} `;
  return `${before}${type} ${id} ${comment}\n`;
}

/** Whether two lines say the same of a key; the order of options does not count. */
export function isSameKey(one: KeyLine, other: KeyLine): boolean {
  const said = ({ type, options, comment }: KeyLine) =>
    JSON.stringify([type, comment, options.map((pair) => JSON.stringify(pair)).sort()]);
  return one.id === other.id && said(one) === said(other);
}
