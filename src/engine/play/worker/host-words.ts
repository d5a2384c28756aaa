import { Buffer } from 'node:buffer';
import { quoteSh } from '../../../model/command.ts';

const name = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Writes bytes as one quoted word that `printf %b` turns back into them (POSIX.1-2017, printf), any byte at all. */
export function renderBytes(bytes: Uint8Array): string {
  return quoteSh(textOfUtf8(bytes)?.replaceAll('\\', '\\\\') ?? escapeBytes(bytes));
}

function textOfUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function escapeBytes(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (const byte of bytes) {
    const plain = byte > 31 && byte < 127 && byte !== 92;
    pieces.push(plain ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`);
  }
  return pieces.join('');
}

/** Writes a path as the value of an assignment: `~`, `~user`, `$NAME` and `${NAME}` are worked out as Ansible's type `path` does; unknown ones stay as they are. `environment` is the task's own. */
export function renderPath(path: string, environment: Environment): string {
  const home = /^~([A-Za-z0-9_][A-Za-z0-9_.-]*)?(?=\/|$)/.exec(path)?.[0] ?? '';
  // a tilde with a name is left to the shell, which looks the user up and leaves unknown ones alone
  const start = home === '~' ? variableValue('$HOME', environment) : home;
  return start + renderVariables(path.slice(home.length), environment);
}

/** Writes a text as the value of an assignment (where a shell splits nothing) in which `$NAME` and `${NAME}` are worked out, unknown ones left as they are (Python's `os.path.expandvars`). */
export function renderVariables(text: string, environment: Environment): string {
  const parts = text.split(/(\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\}))/);
  return parts
    .map((part, index) => (index % 2 === 0 ? plain(part) : variableValue(part, environment)))
    .join('');
}

function variableValue(written: string, environment: Environment): string {
  const variable = written.replace(/[${}]/g, '');
  const own = Object.hasOwn(environment, variable) ? environment[variable] : undefined;
  return own === undefined ? `\${${variable}-'${written}'}` : quoteSh(own);
}

function plain(text: string): string {
  return text === '' ? '' : quoteSh(text);
}

/** Whether a path has to be worked out on the host before one knows what it says. */
export function isDynamicPath(path: string): boolean {
  return !path.startsWith('/') || path.includes('$');
}

/** Variables of a task's `environment`. */
export type Environment = { readonly [name: string]: string };

/** Exports a task's environment; names that no shell knows are left out. */
export function renderEnvironment(environment: Environment): string {
  const words = Object.entries(environment)
    .filter(([key, text]) => name.test(key) && !text.includes('\0'))
    .map(([key, text]) => `${key}=${quoteSh(text)}`);
  return words.length === 0 ? '' : `export ${words.join(' ')}`;
}

/** The names a shell cannot export. */
export function badNames(environment: Environment): string[] {
  return Object.entries(environment)
    .filter(([key, text]) => !name.test(key) || text.includes('\0'))
    .map(([key]) => key);
}

/** Decodes what a program printed: UTF-8, else one character for each byte. */
export function decodeOutput(bytes: Uint8Array): string {
  return textOfUtf8OrNul(bytes) ?? Buffer.from(bytes).toString('latin1');
}

function textOfUtf8OrNul(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
