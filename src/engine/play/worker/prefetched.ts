import type { Answer } from './read-looks.ts';
import type { Look } from './turn.ts';

/** Answers that were asked for ahead of time. Each is used once: who asks twice wants to know again. */
export interface Prefetched {
  put(user: string | undefined, look: Look, answer: Answer): void;
  /** True with the answer, where there is a fresh one. */
  take(user: string | undefined, look: Look): { readonly answer: Answer } | undefined;
  /** Something was changed on the host: nothing that was seen before counts any more. */
  clear(): void;
}

/** After so long somebody else may have changed the host. */
const freshMs = 10_000;

/** Starts with nothing asked. */
export function openPrefetched(nowMs: () => number): Prefetched {
  const kept = new Map<string, { answer: Answer; atMs: number }[]>();
  return {
    put(user, look, answer) {
      const key = keyOf(user, look);
      const list = kept.get(key);
      const entry = { answer, atMs: nowMs() };
      if (list) list.push(entry);
      else kept.set(key, [entry]);
    },
    take(user, look) {
      const key = keyOf(user, look);
      const found = kept.get(key)?.shift();
      if (kept.get(key)?.length === 0) kept.delete(key);
      return found !== undefined && nowMs() - found.atMs <= freshMs
        ? { answer: found.answer }
        : undefined;
    },
    clear: () => kept.clear(),
  };
}

/** Looks with the same key have the same answer. */
export function keyOf(user: string | undefined, { probe, environment }: Look): string {
  const asked = probe.kind === 'script' ? ['script', probe.command.script] : probe;
  return JSON.stringify([user ?? null, environment, asked]);
}
