import type {
  Act,
  AnyProbe,
  Call,
  GroupState,
  ModuleResult,
  PathState,
  Planned,
  Prediction,
  Ran,
  UserState,
} from '../../src/model/module.ts';

/** A path where nothing is, with what a test says of it. */
export function pathState(path: string, more: Partial<PathState> = {}): PathState {
  const none = { mode: 0, uid: 0, gid: 0, owner: '', group: '', size: 0, inode: 0, device: 0 };
  const times = { links: 1, mtime: 0, atime: 0, ctime: 0 };
  return {
    path,
    kind: 'absent',
    ...none,
    ...times,
    target: '',
    realPath: '',
    checksum: '',
    ...more,
  };
}

/** A call of a module in a test: real run, as root. */
export function moduleCall(more: Partial<Call> = {}): Call {
  return {
    host: 'pc',
    checkMode: false,
    diffMode: false,
    user: 'root',
    sources: {},
    renderFile: ({ text }) => text,
    predicted: () => undefined,
    predictsAny: () => false,
    variable: () => undefined,
    nonce: '7',
    nowMs: () => 0,
    environment: {},
    ...more,
  };
}

/** What a script left. */
export function ranAs(more: Partial<Ran> = {}): Ran {
  const none = { exitCode: 0, stdout: '', stderr: '', startedAt: 0, endedAt: 0 };
  return { ...none, stdoutBytes: new Uint8Array(), ...more };
}

type Answer = PathState | UserState | GroupState | Ran | undefined;

/** Follows a plan with a host made of answers, up to its first act or its end. */
export function followPlan(
  planned: Planned,
  answer: (probe: AnyProbe) => Answer,
):
  | Act
  | {
      readonly kind: 'done';
      readonly result: ModuleResult;
      readonly predict?: readonly Prediction[];
    } {
  let now = planned;
  while (now.kind === 'ask') {
    const found = Object.entries(now.probes).map(([name, probe]) => [name, answer(probe)]);
    now = now.plan(Object.fromEntries(found));
  }
  return now;
}

/** Answers for paths that a test names; all others are absent, and scripts print nothing. */
export function hostOf(paths: { readonly [path: string]: Partial<PathState> }) {
  return (probe: AnyProbe): Answer => {
    if (probe.kind === 'script') return ranAs();
    if (probe.kind === 'path') return pathState(probe.path, paths[probe.path]);
    return undefined;
  };
}
