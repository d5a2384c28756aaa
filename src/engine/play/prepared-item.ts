import type { ControllerModule, SourceWish } from '../../model/module.ts';
import type { PlayVars, Scope } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import type { Vars } from '../../model/value.ts';
import type { ReadyCall } from './hands.ts';
import { type HostRun, type PlayRun, playOf } from './play-run.ts';
import type { Result } from './result-shape.ts';
import type { WayIn } from './way-in.ts';

/** Keywords of one item, rendered. */
export interface Fields {
  readonly noLog: boolean;
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  readonly ignoreErrors: boolean;
  readonly ignoreUnreachable: boolean;
  readonly delegateTo: string | undefined;
  readonly delegateFacts: boolean;
  readonly notify: readonly string[];
}

/** One item of a task on one host (or the task itself, where it has no loop), as far as the controller can prepare it. */
export type PreparedItem = { readonly fields: Fields } & (
  | {
      readonly kind: 'end';
      readonly result: Result;
      /** It could not even be prepared: that ends a whole loop. */
      readonly isTrouble?: true;
    }
  | { readonly kind: 'include'; readonly rendered: { readonly [name: string]: string } }
  | {
      readonly kind: 'wants';
      readonly wishes: readonly SourceWish[];
      readonly folders: readonly string[];
    }
  | {
      readonly kind: 'decide';
      readonly module: ControllerModule;
      readonly ready: ReadyCall;
      readonly extra: Vars;
      readonly scope: () => Scope;
      readonly written: PlayVars;
    }
  | {
      readonly kind: 'call';
      readonly ready: ReadyCall;
      readonly way: WayIn;
      readonly background: Background | undefined;
    }
);

/** An item that needs no more files. */
export type ReadyItem = Exclude<PreparedItem, { kind: 'wants' }>;

/** `async` of a task: the longest it may take, and whether it is left alone meanwhile (`poll: 0`). */
export interface Background {
  readonly seconds: number;
  readonly isLeftAlone: boolean;
}

/** What is asked: a task on a host, with the variables of the loop. `pending` names what unfinished tasks before it will set. */
export interface ItemWish {
  readonly host: HostRun;
  readonly task: Task;
  readonly local: PlayVars;
  readonly pending?: ReadonlySet<string>;
  /** Why the loop could not be worked out; matters only when the condition holds. */
  readonly loopTrouble?: Result;
}

/** The keywords of a task of which nothing was read. */
export const plainFields: Fields = {
  noLog: false,
  checkMode: false,
  diffMode: false,
  ignoreErrors: false,
  ignoreUnreachable: false,
  delegateTo: undefined,
  delegateFacts: false,
  notify: [],
};

/** The scope of a task on a host. */
export function scopeOf(run: PlayRun, { host, task, local, pending }: ItemWish): Scope {
  const { rim, state } = run;
  return rim.makeScope({
    run: state,
    host: host.memory,
    play: playOf(run, host),
    task,
    local,
    ...(pending && { pending }),
  });
}
