import type { Host } from '../../model/host.ts';
import type { ReadyCall } from './hands.ts';
import { type Line, openLine, type Performed } from './line.ts';
import type { Workers } from './workers.ts';

/** One host's way through some tasks. */
export interface Course {
  perform(call: ReadyCall, onto: Host): Promise<Performed>;
  close(): Promise<void>;
}

/** Opens a course; `ahead` answers what comes after the running call on the host itself, and is not asked for calls delegated elsewhere. */
export function openCourse(
  workers: Workers,
  home: string,
  ahead: (n: number, onto: Host) => ReadyCall | undefined,
): Course {
  let held: { readonly host: Host; readonly line: Line } | undefined;
  const close = async (): Promise<void> => {
    const last = held;
    held = undefined;
    await last?.line.close();
  };
  return {
    close,
    async perform(call, onto) {
      if (held?.host !== onto) {
        await close();
        held = {
          host: onto,
          line: openLine(
            workers.of(onto),
            onto.name === home ? (n) => ahead(n, onto) : () => undefined,
          ),
        };
      }
      return held.line.perform(call);
    },
  };
}
