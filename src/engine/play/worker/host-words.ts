import { Buffer } from 'node:buffer';
import { quoteSh } from '../../../model/command.ts';
import type { Environment } from '../../../model/host-path.ts';

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
