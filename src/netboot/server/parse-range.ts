/** Which bytes of a file are asked for, both ends included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Reads a `Range` header for a file of `bytes` (RFC 9110, 14): 'whole' without one, and for several ranges, other units and nonsense, which a server may ignore; 'unsatisfiable' for a range behind the end. */
export function parseRange(
  header: string | undefined,
  bytes: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '');
  if (!match) return 'whole';
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return 'whole';
  if (from === '') {
    const count = Math.min(Number(to), bytes);
    return count === 0 ? 'unsatisfiable' : { first: bytes - count, last: bytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== '' && Number(to) < first) return 'whole';
  return first >= bytes ? 'unsatisfiable' : { first, last };
}
