/** A text that must never be shown: printed as `***` wherever a command is shown. */
export interface Secret {
  readonly secret: string;
}

/** A piece of script that is code, not data: only for constants of ours, never for a value. */
export interface Script {
  readonly script: string;
  readonly shown?: string;
}

/** What may stand in a `sh` template: lists become several words. */
export type Word = string | number | Secret | Script | readonly (string | number)[];

/** Something to run on a host. `shown` is the same text with secrets masked. */
export interface Command {
  readonly shell: 'sh' | 'powershell' | 'cmd';
  readonly script: string;
  readonly shown: string;
}

/** Quotes one value for a POSIX shell so that it arrives as exactly one word (POSIX.1-2017, 2.2.2); refuses NUL, which no argument can carry. */
export function quoteSh(value: string): string {
  if (value.includes('\0')) throw new TypeError('a NUL character cannot be passed to a command');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
}

/** Builds a POSIX shell command; every `${value}` arrives as a quoted word. */
export function sh(texts: TemplateStringsArray, ...words: readonly Word[]): Command {
  let script = texts.raw[0] ?? '';
  let shown = script;
  for (const [index, word] of words.entries()) {
    const rest = texts.raw[index + 1] ?? '';
    script += wordOf(word) + rest;
    shown += shownOf(word) + rest;
  }
  return { shell: 'sh', script, shown };
}

function wordOf(word: Word): string {
  if (typeof word === 'string') return quoteSh(word);
  if (typeof word === 'number') return quoteSh(String(word));
  if ('secret' in word) return quoteSh(word.secret);
  if ('script' in word) return word.script;
  return word.map((part) => quoteSh(String(part))).join(' ');
}

function shownOf(word: Word): string {
  if (typeof word === 'object' && 'secret' in word) return '***';
  if (typeof word === 'object' && 'script' in word) return word.shown ?? word.script;
  return wordOf(word);
}
