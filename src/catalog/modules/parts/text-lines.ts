/** Bytes as text of one character per byte, so that editing a file never alters bytes it did not mean to. */
export function binaryOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** The bytes of such text. */
export function bytesOf(binary: string): Uint8Array {
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** Text that a person wrote, as the bytes a file holds (UTF-8), one character each. */
export function binaryText(text: string): string {
  return binaryOf(new TextEncoder().encode(text));
}

/** Such bytes as text to be shown: UTF-8, else as they are. */
export function shownText(binary: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(binary));
  } catch {
    return binary;
  }
}

/** Lines with their line ends, as Python's `readlines` of a file of bytes; no last empty one. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Lines with their line ends, which may be `\n`, `\r\n` or `\r`, as Python's `bytes.splitlines(True)`. */
export function splitAnyLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

/** A line without its line end. */
export function bareLine(line: string): string {
  return line.replace(/[\r\n]+$/, '');
}
