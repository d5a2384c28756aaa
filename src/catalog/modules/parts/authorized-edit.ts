import {
  isSameKey,
  type KeyLine,
  parseKeyFile,
  parseKeyLine,
  parseKeyOptions,
  renderKeys,
} from './authorized-lines.ts';

/** What is wished of the keys of an account. */
export interface KeyWish {
  /** One key a line; comment lines are passed over. */
  readonly keys: string;
  readonly state: string;
  readonly options: string | undefined;
  readonly comment: string | undefined;
  readonly isExclusive: boolean;
}

interface Edited {
  readonly text: string;
  readonly changed: boolean;
  /** A line that is no key. */
  readonly invalid?: string;
}

/** Puts keys into an authorized_keys file's text or takes them out; a key that is there with other options or comment is replaced, at the end. */
export function editKeys(text: string, wish: KeyWish): Edited {
  const lines = parseKeyFile(text);
  const kept = new Set<string>();
  // new keys come below all that was there
  const lowest = lines.size;
  let changed = false;
  const wanted = wish.keys.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  for (const [rank, line] of wanted.entries()) {
    const parsed = parseKeyLine(line, rank);
    if (parsed === undefined) return { text, changed: false, invalid: line };
    const key = wishedKey(parsed, wish);
    const found = lines.get(key.id);
    if (wish.state === 'absent') {
      changed = lines.delete(key.id) || changed;
      continue;
    }
    kept.add(key.id);
    if (found !== undefined && isSameKey(found, key)) continue;
    lines.delete(key.id);
    lines.set(key.id, { ...key, rank: lowest + rank });
    changed = true;
  }
  if (wish.isExclusive && wish.state === 'present') changed = keepOnly(lines, kept) || changed;
  return { text: changed ? renderKeys(lines.values()) : text, changed };
}

function keepOnly(lines: Map<string, KeyLine>, kept: ReadonlySet<string>): boolean {
  const others = Array.from(lines.keys()).filter((id) => !kept.has(id));
  for (const id of others) lines.delete(id);
  return others.length > 0;
}

function wishedKey(key: KeyLine, { options, comment = key.comment }: KeyWish): KeyLine {
  return {
    ...key,
    options: options === undefined ? key.options : parseKeyOptions(options),
    comment,
  };
}
