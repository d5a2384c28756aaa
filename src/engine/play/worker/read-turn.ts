import { Buffer } from 'node:buffer';

/** What one section of a turn printed. */
export interface Section {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** Bytes beyond the limit that were thrown away. */
  readonly dropped: number;
  /** False for an action that was not begun because one before it failed. */
  readonly ran: boolean;
  readonly exitCode: number;
  /** It left processes behind that hold our output and may print into later sections. */
  readonly held: boolean;
  /** Seconds of the host's clock since it was started. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Reads the two streams of a turn as they come, with bounded memory. */
export interface TurnReader {
  push(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** True when both streams are whole. */
  whole(): boolean;
  /** The sections that are whole so far. */
  sections(): Section[];
  /** What came on stderr before the first mark. */
  before(): string;
  /** The end of what came outside of any whole section, for the message when a shell ended too early. */
  tail(): string;
}

interface Piece {
  readonly bytes: Buffer;
  readonly dropped: number;
  readonly words: readonly string[];
}

/** Opens a reader for the turn with this marker, which keeps `limitBytes` of each section; what comes before its first mark (a greeting of the login, late words of an earlier command) is not part of it. */
export function openTurnReader(marker: string, limitBytes: number): TurnReader {
  const stdout = openStream(`\n${marker} `, limitBytes);
  const stderr = openStream(`\n${marker}`, limitBytes);
  let isWhole = false;
  return {
    push(stream, bytes) {
      (stream === 'stdout' ? stdout : stderr).push(bytes);
      const last = stdout.pieces.at(-1);
      isWhole = last?.words[0] === 'z' && stderr.pieces.length === stdout.pieces.length;
    },
    whole: () => isWhole,
    sections() {
      return stdout.pieces
        .map((piece, index) => sectionOf(piece, stderr.pieces[index]))
        .slice(1)
        .filter((section) => section !== undefined);
    },
    before: () => stderr.pieces[0]?.bytes.toString('utf8') ?? stderr.rest(),
    tail: () => `${stderr.rest()}\n${stdout.rest()}`.trim(),
  };
}

function sectionOf(piece: Piece, complaint: Piece | undefined): Section | undefined {
  const [word, code = '', startedAt = '', endedAt = '', held] = piece.words;
  if (word !== 'e' && word !== 's') return undefined;
  return {
    stdout: piece.bytes,
    stderr: complaint?.bytes ?? Buffer.alloc(0),
    dropped: piece.dropped + (complaint?.dropped ?? 0),
    ran: word === 'e',
    exitCode: Number(code),
    held: held === 'held',
    startedAt: Number(startedAt) || 0,
    endedAt: Number(endedAt) || 0,
  };
}

/** Cuts a stream at lines that begin with a mark; what lies before the first is dropped by the reader. */
function openStream(mark: string, limitBytes: number) {
  const pieces: Piece[] = [];
  let carry: Buffer = Buffer.alloc(0);
  let kept: Buffer[] = [];
  let length = 0;
  let dropped = 0;
  const keep = (bytes: Buffer) => {
    const room = Math.min(bytes.length, limitBytes - length);
    dropped += bytes.length - room;
    if (room === 0) return;
    // a copy, so that a small piece does not keep a large network buffer alive
    kept.push(Buffer.from(bytes.subarray(0, room)));
    length += room;
  };
  const cut = (words: readonly string[]) => {
    pieces.push({ bytes: Buffer.concat(kept), dropped, words });
    kept = [];
    length = 0;
    dropped = 0;
  };
  return {
    pieces,
    rest: () =>
      Buffer.concat([...kept, carry])
        .subarray(-2_000)
        .toString('utf8'),
    push(bytes: Uint8Array) {
      let buffer =
        carry.length === 0
          ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
          : Buffer.concat([carry, bytes]);
      for (;;) {
        const at = buffer.indexOf(mark);
        const end = at < 0 ? -1 : buffer.indexOf(10, at + mark.length);
        if (at < 0 || end < 0) {
          const safe = at < 0 ? Math.max(0, buffer.length - mark.length) : at;
          keep(buffer.subarray(0, safe));
          carry = Buffer.from(buffer.subarray(safe));
          return;
        }
        keep(buffer.subarray(0, at));
        cut(buffer.toString('latin1', at + mark.length, end).split(' '));
        buffer = buffer.subarray(end + 1);
      }
    },
  };
}
