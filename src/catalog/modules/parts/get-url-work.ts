import type { Call, PathState, Planned, Ran } from '../../../model/module.ts';
import { makeVars, type Value, type Vars } from '../../../model/value.ts';
import type { Checksum, GetUrlArgs } from './get-url-args.ts';
import { fail } from './outcome.ts';

/** One task of `get_url`: what is asked and what was found. */
export interface Work {
  readonly args: GetUrlArgs;
  readonly call: Call;
  readonly wanted: Checksum | undefined;
  /** What is at the place written, behind links. */
  readonly dest: PathState;
  readonly isFolder: boolean;
}

/** Ends the task as failed. */
export function failed(
  { args }: Work,
  msg: string,
  values: { readonly [name: string]: Value } = {},
): Planned {
  return fail(msg, { url: args.url, dest: args.dest, ...values });
}

/** Whether something has content of its own. */
export const isFile = ({ kind }: PathState): boolean => kind === 'file' || kind === 'hard';

/** What is returned in any case, and more. */
export function resultValues(
  { args }: Work,
  dest: string,
  more: { readonly [name: string]: Value },
): Vars {
  return makeVars([['url', args.url], ['dest', dest], ...Object.entries(more)]);
}

/** What a person should know of such an address. */
export function warningsOf({ args }: Work): readonly string[] {
  const isBare = args.url.startsWith('http://') && args.checksum === '';
  return isBare
    ? [
        `${args.url} is fetched without encryption and without a checksum: anybody on the way can change it`,
      ]
    : [];
}

/** How long a fetch took, seconds. */
export function elapsedOf(ran: Ran): number {
  return Number(/^lab-elapsed:(\d+)$/m.exec(ran.stdout)?.[1] ?? 0);
}
