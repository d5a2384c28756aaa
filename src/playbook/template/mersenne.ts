const size = 624;
const shift = 397;

/** Numbers as Python's `random.Random(seed)` draws them (MT19937). */
export interface Random {
  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number;
}

function start(seed: number): Uint32Array {
  const state = new Uint32Array(size);
  state[0] = seed;
  for (let at = 1; at < size; at++) {
    const last = state[at - 1] ?? 0;
    state[at] = Math.imul(1812433253, last ^ (last >>> 30)) + at;
  }
  return state;
}

/** Mixes a key of 32-bit words, the lowest first, into the state (`init_by_array`). */
function mix(key: readonly number[]): Uint32Array {
  const state = start(19650218);
  let at = 1;
  let place = 0;
  const before = (): number => {
    const last = state[at - 1] ?? 0;
    return last ^ (last >>> 30);
  };
  const step = (): void => {
    at++;
    if (at < size) return;
    state[0] = state[size - 1] ?? 0;
    at = 1;
  };
  for (let rounds = Math.max(size, key.length); rounds > 0; rounds--) {
    state[at] = ((state[at] ?? 0) ^ Math.imul(before(), 1664525)) + (key[place] ?? 0) + place;
    place = (place + 1) % key.length;
    step();
  }
  for (let rounds = size - 1; rounds > 0; rounds--) {
    state[at] = ((state[at] ?? 0) ^ Math.imul(before(), 1566083941)) - at;
    step();
  }
  state[0] = 0x80000000;
  return state;
}

function twist(state: Uint32Array): void {
  for (let at = 0; at < size; at++) {
    const joined = ((state[at] ?? 0) & 0x80000000) | ((state[(at + 1) % size] ?? 0) & 0x7fffffff);
    state[at] = (state[(at + shift) % size] ?? 0) ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
  }
}

/** Begins a row of random numbers from a seed's words of 32 bits, the lowest first. */
export function makeRandom(key: readonly number[]): Random {
  const state = mix(key.length === 0 ? [0] : key);
  let at = size;
  const word = (): number => {
    if (at >= size) {
      twist(state);
      at = 0;
    }
    let drawn = state[at++] ?? 0;
    drawn ^= drawn >>> 11;
    drawn ^= (drawn << 7) & 0x9d2c5680;
    drawn ^= (drawn << 15) & 0xefc60000;
    return (drawn ^ (drawn >>> 18)) >>> 0;
  };
  return { below: (end) => drawBelow(end, word) };
}

function drawBelow(end: number, word: () => number): number {
  const bits = end.toString(2).length;
  const draw = (): number => {
    if (bits <= 32) return word() >>> (32 - bits);
    const low = word();
    return (word() >>> (64 - bits)) * 2 ** 32 + low;
  };
  let drawn = draw();
  while (drawn >= end) drawn = draw();
  return drawn;
}
