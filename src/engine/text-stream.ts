/** Decodes bytes as they come: UTF-8 while they are, GB18030 from the first piece on that is not; a character split between pieces waits for its rest. */
export function openTextStream(): { push(bytes: Uint8Array): string; end(): string } {
  let rest: Uint8Array = new Uint8Array();
  let other: InstanceType<typeof TextDecoder> | undefined;
  const decode = (bytes: Uint8Array, last: boolean): string => {
    if (other) return other.decode(bytes, { stream: !last });
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const whole = last ? all.length : completeLength(all);
    try {
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
        all.subarray(0, whole),
      );
      rest = Uint8Array.from(all.subarray(whole));
      return text;
    } catch {
      other = new TextDecoder('gb18030');
      return other.decode(all, { stream: !last });
    }
  };
  return { push: (bytes) => decode(bytes, false), end: () => decode(new Uint8Array(), true) };
}

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
