import type {
  AnyProbe,
  GroupState,
  PathState,
  Prediction,
  UserState,
} from '../../../model/module.ts';
import type { Answer } from './read-looks.ts';
import { absentPath } from './read-paths.ts';

/** What check mode knows would be there by now; later predictions win. */
export interface Predictions {
  add(predictions: readonly Prediction[]): void;
  /** Lays what is predicted over what was seen. */
  overlay(probe: AnyProbe, seen: Answer): Answer;
  predicted(thing: string): boolean | undefined;
  predictsAny(prefix: string): boolean;
  /** Grows with every prediction. */
  count(): number;
}

type PathPrediction = Extract<Prediction, { readonly path: string }>;

/** Starts with nothing predicted. */
export function openPredictions(): Predictions {
  const paths: PathPrediction[] = [];
  const users = new Map<string, UserState | undefined>();
  const groups = new Map<string, GroupState | undefined>();
  const things = new Map<string, boolean>();
  let count = 0;
  const addOne = (prediction: Prediction) => {
    count += 1;
    if ('path' in prediction) paths.push(prediction);
    else if ('user' in prediction) users.set(prediction.user, prediction.state);
    else if ('group' in prediction) groups.set(prediction.group, prediction.state);
    else things.set(prediction.thing, prediction.present);
  };
  return {
    add: (predictions) => predictions.forEach(addOne),
    overlay(probe, seen) {
      if (probe.kind === 'user') return overlayName(users, probe.name, seen);
      if (probe.kind === 'group') return overlayName(groups, probe.name, seen);
      if (probe.kind !== 'path' || seen === undefined || 'barred' in seen) return seen;
      return paths.reduce(applyPath, seen as PathState);
    },
    predicted: (thing) => things.get(thing),
    predictsAny: (prefix) => [...things.keys()].some((thing) => thing.startsWith(prefix)),
    count: () => count,
  };
}

function overlayName<S extends UserState | GroupState>(
  predicted: ReadonlyMap<string, S | undefined>,
  name: string,
  seen: Answer,
): Answer {
  if (!predicted.has(name)) return seen;
  const state = predicted.get(name);
  return state === undefined ? undefined : { ...state, predicted: true };
}

/** One prediction changes the path itself, takes away what is below it, and brings the folders above it. */
function applyPath(seen: PathState, { path, state }: PathPrediction): PathState {
  const here = trim(seen.path);
  const there = trim(path);
  if (here === there) {
    const base = state.kind === 'absent' || seen.kind !== state.kind ? absentPath(seen.path) : seen;
    return { ...base, ...state, path: seen.path, predicted: true };
  }
  if (here.startsWith(`${there}/`) && state.kind !== 'directory')
    return { ...absentPath(seen.path), predicted: true };
  if (there.startsWith(`${here}/`) && state.kind !== 'absent' && seen.kind === 'absent')
    return { ...seen, kind: 'directory', mode: 0o755, predicted: true };
  return seen;
}

function trim(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
