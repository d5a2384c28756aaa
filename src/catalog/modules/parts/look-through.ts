import {
  ask,
  type PathProbe,
  type PathState,
  type Planned,
  probePath,
} from '../../../model/module.ts';

/** A path as it stands, and what it leads to when it is a symbolic link (itself when it is none, undefined when the link is broken). */
export interface Looked {
  readonly itself: PathState;
  readonly end: PathState | undefined;
}

/** Goes on with what a path's link leads to; asks the host again only for links. */
export function lookThrough(
  itself: PathState,
  more: Omit<PathProbe, 'kind' | 'path' | 'follow'>,
  plan: (looked: Looked) => Planned,
): Planned {
  if (itself.kind !== 'link') return plan({ itself, end: itself });
  if (itself.realPath === '') return plan({ itself, end: undefined });
  return ask({ end: probePath(itself.realPath, more) }, ({ end }) =>
    plan({ itself, end: end.kind === 'absent' ? undefined : end }),
  );
}
