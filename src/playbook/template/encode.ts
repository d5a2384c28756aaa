import { fail } from './values.ts';

const encoder = new TextEncoder();

/** Text as bytes: UTF-8, or one of the encodings playbooks ask for. */
export function bytesOf(text: string, encoding = 'utf-8'): Uint8Array {
  switch (encoding.toLowerCase().replaceAll('_', '-')) {
    case 'utf-8':
    case 'utf8':
      return encoder.encode(text);
    case 'utf-16-le':
    case 'utf-16le':
      return wideBytes(text);
    case 'utf-16':
      return Uint8Array.from([0xff, 0xfe, ...wideBytes(text)]);
    case 'ascii':
    case 'us-ascii':
      return narrowBytes(text, 0x7f, encoding);
    case 'latin-1':
    case 'latin1':
    case 'iso-8859-1':
      return narrowBytes(text, 0xff, encoding);
    default:
      return fail(`unknown encoding: ${encoding}`);
  }
}

function wideBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    bytes[at * 2] = unit & 0xff;
    bytes[at * 2 + 1] = unit >> 8;
  }
  return bytes;
}

function narrowBytes(text: string, most: number, encoding: string): Uint8Array {
  return Uint8Array.from(text, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return code <= most ? code : fail(`'${encoding}' codec can't encode character`);
  });
}

/** Bytes as text. */
export function textOfBytes(bytes: Uint8Array, encoding = 'utf-8'): string {
  const name = encoding.toLowerCase().replaceAll('_', '-');
  if (/^(?:ascii|us-ascii|latin-?1|iso-8859-1)$/.test(name)) return latin(bytes);
  const label = name.startsWith('utf-16') ? 'utf-16le' : 'utf-8';
  if (label === 'utf-8' && !/^utf-?8$/.test(name)) return fail(`unknown encoding: ${encoding}`);
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: name !== 'utf-16' }).decode(bytes);
  } catch {
    return fail(`'${encoding}' codec can't decode the bytes`);
  }
}

function latin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const group = (a << 16) | (b << 8) | c;
    const left = bytes.length - at;
    text += letters.charAt(group >> 18) + letters.charAt((group >> 12) & 63);
    text += left > 1 ? letters.charAt((group >> 6) & 63) : '=';
    text += left > 2 ? letters.charAt(group & 63) : '=';
  }
  return text;
}

/** Signs that are none of base64 are passed over, as Python does. */
export function fromBase64(text: string): Uint8Array {
  const signs = [...text].filter((sign) => letters.includes(sign));
  const padding = /=/.test(text);
  if (signs.length % 4 === 1) fail('Incorrect padding');
  if (signs.length % 4 !== 0 && !padding) fail('Incorrect padding');
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const sign of signs) {
    bits = ((bits << 6) | letters.indexOf(sign)) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push((bits >> held) & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}
