/** One word of a line with the place of each of its characters, so that a value inside it can be pointed at. */
export interface ShellWord {
  readonly text: string;
  /** Offset in the line of each character of `text`, and of the place after the last. */
  readonly offsets: readonly number[];
}

/** What the splitter is doing between two characters. */
interface Splitting {
  mode: 'between' | 'word' | '"' | "'";
  text: string;
  offsets: number[];
  readonly words: ShellWord[];
}

const quotes = new Set(['"', "'"]);

/**
 * Splits a line into words as Python's `shlex.split(line, comments=True)` does for a line of an INI inventory: quotes are taken off, a `#` outside of them
 * begins a comment even inside a word. A quote that is not closed, or a backslash at the very end, is the problem it answers with.
 */
export function splitShellWords(line: string): readonly ShellWord[] | { problem: string } {
  const state: Splitting = { mode: 'between', text: '', offsets: [], words: [] };
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '#' && !quotes.has(state.mode)) break;
    if (character === '\\' && state.mode !== "'") {
      at++;
      if (at === line.length) return { problem: 'a backslash stands at the end' };
      addEscaped(state, line.charAt(at), at);
    } else step(state, character, at);
  }
  if (quotes.has(state.mode)) return { problem: `a ${state.mode} is not closed` };
  endWord(state, line.length);
  return state.words;
}

function addEscaped(state: Splitting, character: string, at: number): void {
  if (state.mode === '"' && character !== '"' && character !== '\\') add(state, '\\', at - 1);
  if (state.mode === 'between') state.mode = 'word';
  add(state, character, at);
}

function step(state: Splitting, character: string, at: number): void {
  if (state.mode === '"' || state.mode === "'") {
    if (character === state.mode) state.mode = 'word';
    else add(state, character, at);
  } else if (quotes.has(character)) state.mode = character as '"' | "'";
  else if (/[ \t\r\n]/.test(character)) endWord(state, at);
  else {
    state.mode = 'word';
    add(state, character, at);
  }
}

function add(state: Splitting, character: string, at: number): void {
  state.text += character;
  state.offsets.push(at);
}

function endWord(state: Splitting, at: number): void {
  if (state.mode !== 'between')
    state.words.push({ text: state.text, offsets: [...state.offsets, at] });
  state.mode = 'between';
  state.text = '';
  state.offsets = [];
}
