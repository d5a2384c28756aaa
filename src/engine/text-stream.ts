type Decode = (bytes: Uint8Array, last: boolean) => string;

/** Decodes bytes as they come: UTF-8 while they are, GB18030 from the first piece on that is not, one character per byte where even that fails; a character split between pieces waits for its rest. Never throws. */
export function openTextStream(): { push(bytes: Uint8Array): string; end(): string } {
  const ways: readonly Decode[] = [openUtf8(), openGb18030(), asLatin1];
  let way = 0;
  let rest: Uint8Array = new Uint8Array();
  const decode: Decode = (bytes, last) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    // Only UTF-8 leaves a rest here: the GB18030 decoder keeps its own.
    const whole = way > 0 || last ? all.length : completeLength(all);
    for (; ; way += 1) {
      const part = way === 0 ? all.subarray(0, whole) : all;
      const text = attempt(ways[way] ?? asLatin1, part, last);
      if (text === undefined) continue;
      rest = Uint8Array.from(all.subarray(part.length));
      return text;
    }
  };
  return { push: (bytes) => decode(bytes, false), end: () => decode(new Uint8Array(), true) };
}

function attempt(decode: Decode, bytes: Uint8Array, last: boolean): string | undefined {
  try {
    return decode(bytes, last);
  } catch {
    return undefined;
  }
}

function openUtf8(): Decode {
  return (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

function openGb18030(): Decode {
  const decoder = new TextDecoder('gb18030');
  // Not fatal, and yet Node's decoder throws at some bytes that are cut between pieces.
  return (bytes, last) => decoder.decode(bytes, { stream: !last });
}

const asLatin1: Decode = (bytes) => Buffer.from(bytes).toString('latin1');

/** How many of these bytes come before a UTF-8 character that is cut off at the end (RFC 3629, 3). */
export function completeLength(bytes: Uint8Array): number {
  const tail = bytes.subarray(-3);
  const lead = tail.findLastIndex((byte) => byte < 0x80 || byte >= 0xc0);
  const missing = lead >= 0 && lead + characterLength(tail[lead] ?? 0) > tail.length;
  return missing ? bytes.length - tail.length + lead : bytes.length;
}

function characterLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
