import { displayWidth } from '../model/display.ts';

/** What the live area needs of a terminal. */
export interface Terminal {
  write(text: string): void;
  columns(): number | undefined;
}

/** The lines at the bottom of a terminal that are drawn over and over. */
export interface LiveArea {
  /** Prints lines that stay, above the live ones, and draws the live ones anew. Nothing is written when nothing changed. */
  draw(permanent: readonly string[], live: readonly string[]): void;
  /** Shows the cursor again; may be called at any time, also twice. */
  restore(): void;
}

const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
// Not all at once: what is erased from the screen's first line on, some terminals keep in their history.
const eraseDown = '\x1b[K\x1b[1B\x1b[J\x1b[1A';

/** Opens a live area where the cursor is (at the beginning of a line). Lines must be printable and narrower than the terminal. */
export function openLiveArea(terminal: Terminal): LiveArea {
  let drawn: readonly string[] = [];
  let hidden = false;
  // After the window became narrower, the terminal has broken the old lines into more.
  const heightOf = (lines: readonly string[]): number => {
    const columns = Math.max(1, terminal.columns() ?? 80);
    return lines.reduce(
      (height, line) => height + Math.max(1, Math.ceil(displayWidth(line) / columns)),
      0,
    );
  };
  return {
    draw(permanent, live) {
      const same =
        live.length === drawn.length && live.every((line, index) => line === drawn[index]);
      if (permanent.length === 0 && same) return;
      const height = heightOf(drawn);
      const back = height === 0 ? '' : `\x1b[${height}A\r${eraseDown}`;
      const hide = hidden || live.length === 0 ? '' : hideCursor;
      hidden ||= live.length > 0;
      drawn = [...live];
      // One write, so that the terminal never shows half of it.
      terminal.write(hide + back + [...permanent, ...live].map((line) => `${line}\n`).join(''));
    },
    restore() {
      if (hidden) terminal.write(showCursor);
      hidden = false;
    },
  };
}
