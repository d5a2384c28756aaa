import { Buffer } from 'node:buffer';
import { decodeText } from '../model/display.ts';

/** What one probe left: `state` says whether it ended by itself, was stopped at its limit, or its end never came. */
export interface Section {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly state: 'ended' | 'timed-out' | 'cut';
  /** It wanted root and had to run as the login user. */
  readonly unrooted: boolean;
}

interface Piece {
  content: string;
  exitCode: number;
  state: Section['state'];
  unrooted: boolean;
}

/** Splits the two streams of a probe script into its sections by probe id; a probe without one never began. */
export function readSections(
  stdout: Uint8Array,
  stderr: Uint8Array,
  marker: string,
): ReadonlyMap<number, Section> {
  const said = readStream(stdout, marker);
  const complained = readStream(stderr, marker);
  const sections = new Map<number, Section>();
  for (const [id, piece] of said)
    sections.set(id, {
      stdout: decode(piece.content),
      stderr: decode(complained.get(id)?.content ?? ''),
      exitCode: piece.exitCode,
      state: piece.state,
      unrooted: piece.unrooted,
    });
  return sections;
}

/** Latin-1 keeps every byte as one character, so that a section in GB18030 does not spoil its neighbours. */
function readStream(bytes: Uint8Array, marker: string): Map<number, Piece> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const pieces = new Map<number, Piece>();
  let open: Piece | undefined;
  let unrooted = false;
  for (const part of text.split(`\n${marker} `).slice(1)) {
    const end = part.indexOf('\n');
    const [word, id] = part.slice(0, end === -1 ? undefined : end).split(' ');
    if (open !== undefined) close(open, part);
    open = undefined;
    if (word === 'u') unrooted = true;
    if (word !== 'b' || end === -1) continue;
    open = { content: part.slice(end + 1), exitCode: -1, state: 'cut', unrooted };
    pieces.set(Number(id), open);
  }
  return pieces;
}

/** Ends a section by the mark that follows it: `e ID CODE` or `t`; any other leaves it cut. */
function close(piece: Piece, mark: string): void {
  const code = /^e \d+ (\d{1,3})(?:\n|$)/.exec(mark)?.[1];
  if (code !== undefined) {
    piece.state = piece.content.length > maxLength ? 'cut' : 'ended';
    piece.exitCode = Number(code);
  } else if (/^t(?:\n|$)/.test(mark)) piece.state = 'timed-out';
}

/** More than any probe says; what is longer is not read, so that judging it costs no time. */
const maxLength = 1024 * 1024;

function decode(latin1: string): string {
  return decodeText(Buffer.from(latin1, 'latin1')).text.replace(/[\r\n]+$/, '');
}
