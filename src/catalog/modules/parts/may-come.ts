import type { Call, Prediction } from '../../../model/module.ts';
import { parentsOf } from './paths.ts';

/** Says in check mode that an archive or another source would bring files below a folder, of which nobody knows the names yet. */
export function filesBelow(folder: string): Prediction {
  return { thing: `files:${trim(folder)}`, present: true };
}

/** Whether check mode foresees what may bring a path that is not there: a package, or an archive unpacked above it. */
export function mayCome(call: Call, path: string): boolean {
  if (!call.checkMode) return false;
  const above = [...parentsOf(path), '/'];
  return (
    call.predictsAny('package:') ||
    above.some((folder) => call.predicted(`files:${folder}`) === true)
  );
}

/** The warning that goes with it. */
export function mayComeNote(path: string): string {
  return `${path} is not there yet; what is installed or unpacked before may bring it`;
}

const trim = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);
