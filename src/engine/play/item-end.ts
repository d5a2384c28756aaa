import type { Unreachable } from '../../model/connection.ts';
import type { PlayEffects } from '../../model/module.ts';
import type { Fields, ReadyItem } from './prepared-item.ts';
import type { Result } from './result-shape.ts';

/** What one item came to on one host; `result` is complete and unmasked. */
export interface ItemEnd {
  readonly result: Result;
  readonly fields: Fields;
  readonly lost?: Unreachable;
  /** Ended by the second Ctrl-C: nobody knows how far it came. */
  readonly isCancelled?: true;
  /** Begun in a run that was cut off, and nobody could say what to do: neither ignored nor rescued, or more would be in doubt. */
  readonly isInDoubt?: true;
  /** It could not even be prepared: that ends a whole loop. */
  readonly isTrouble?: true;
  readonly effects?: PlayEffects;
  readonly include?: { readonly [name: string]: string };
  readonly changes: readonly string[];
  readonly durationMs: number;
  readonly isReplayed: boolean;
  readonly secrets: readonly string[];
}

/** An item that something must be done for. */
export type Runnable = Extract<ReadyItem, { kind: 'decide' | 'call' }>;
