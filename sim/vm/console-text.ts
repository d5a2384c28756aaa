/** What a serial console shows: a stream with colours, cursor moves and backspaces in it, as plain text. */
export interface ConsoleText {
  take(piece: string): void;
  text(): string;
}

/** Keeps the stream; iPXE draws its percentages with backspaces, firmware places the cursor. */
export function openConsoleText(): ConsoleText {
  let shown = '';
  let rest = '';
  return {
    take(piece) {
      const all = rest + piece;
      // A sequence that has only just begun is looked at when the next piece is here.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences begin with one
      const cut = /\x1b(?:\[[\d;?=]*)?$/.exec(all)?.index ?? all.length;
      rest = all.slice(cut);
      shown = applyBackspaces(shown, plain(all.slice(0, cut)));
    },
    text: () => shown,
  };
}

/** A move of the cursor to a place begins a line; so patterns need not know of columns. */
function plain(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences begin with one
      .replaceAll(/\x1b\[\d+;\d+H/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences begin with one
      .replaceAll(/\x1b(?:\[[\d;?=]*[A-Za-z]|[()][A-Z0-9]|[A-Za-z=>])/g, '')
      .replaceAll('\r', '')
  );
}

function applyBackspaces(before: string, text: string): string {
  const parts = text.split('\b');
  return parts.reduce((shown, part, at) => (at === 0 ? shown : shown.slice(0, -1)) + part, before);
}
