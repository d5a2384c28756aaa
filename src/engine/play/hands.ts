import type { Call, HostModule, ModuleResult, PerformingModule } from '../../model/module.ts';

/** One module call, ready to run on a host: arguments read, sources loaded. */
export interface ReadyCall {
  readonly module: HostModule | PerformingModule;
  readonly args: unknown;
  readonly call: Call;
  /** Run it as this user through the host's become method; undefined: as the login. */
  readonly becomeUser: string | undefined;
  /** Texts that must not be shown; masked in what the runner says of the call. */
  readonly secrets: readonly string[];
  /** Called before anything is sent that may alter the host, each time. */
  readonly begins?: () => Promise<void>;
  /** The longest it may take on the host. */
  readonly timeoutSeconds?: number;
}

/** What is to be done next on a host, as far as it is known without earlier results. */
export interface CallQueue {
  /** The n-th call from now; undefined when it is not there, or not known before the results of earlier ones. Asked again after every result. Has no side effects. */
  peek(n: number): ReadyCall | undefined;
  /** Takes the result of the first call; after it `peek(0)` is the next one. Answers false when nothing further may be sent. */
  settle(result: ModuleResult, spent: { readonly durationMs: number }): Promise<boolean>;
}

/** Runs module calls on one host, over one connection and one shell for each user. */
export interface HostWorker {
  /** Works the queue until it is empty or says stop. Throws `Unreachable` when the host is lost, LabError 'refused' when another run holds its lock; a user that cannot be become and a shell that was killed are results. */
  work(queue: CallQueue): Promise<void>;
  /** Forgets shells and connection (`meta: reset_connection`, `reboot`). */
  reset(): Promise<void>;
  close(): Promise<void>;
}
