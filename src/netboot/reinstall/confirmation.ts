import { LabError } from '../../model/lab-error.ts';
import type { ReinstallPlan } from './plan-rows.ts';

/** How many hosts may be reinstalled by a pattern that does not name their rooms. */
export const mostWithoutRoom = 16;

/** Whether a pattern names the room of each of these hosts by its name. */
export function namesRooms(pattern: string, rows: readonly { readonly room: string }[]): boolean {
  const words = new Set(pattern.split(/[,:]/).map((word) => word.trim().replace(/^&/, '')));
  return rows.every(({ room }) => room !== '' && words.has(room));
}

/** Refuses a batch that is larger than a pattern without its rooms may mean: `all` or `*` typed in a hurry. Throws LabError 'refused'. */
export function requireMeant(pattern: string, { rows }: ReinstallPlan, most: number): void {
  if (rows.length <= most || namesRooms(pattern, rows)) return;
  throw new LabError(
    'refused',
    `"${pattern}" means ${rows.length} hosts and does not name their rooms; nothing was armed`,
    `name the rooms, such as lab_a,lab_b, or say --max-hosts ${rows.length}`,
  );
}

/** What may be typed to confirm a plan: the number of hosts, or the room when all are of one. */
export function answersFor({ rows }: ReinstallPlan): readonly string[] {
  const rooms = new Set(rows.map(({ room }) => room));
  const [room = ''] = rooms;
  return [String(rows.length), ...(rooms.size === 1 && room !== '' ? [room] : [])];
}

/** Whether what was typed confirms the plan. */
export function isConfirmedBy(plan: ReinstallPlan, typed: string): boolean {
  return answersFor(plan).includes(typed.trim());
}

/** As many digits of a digest as people copy. */
export const digestDigits = 16;

/** Refuses to go on with a plan that is not the one that was shown; `shown` is its digest, or the beginning of it. Throws LabError 'refused'. */
export function requireUnchanged(shown: string, present: ReinstallPlan): void {
  if (shown.length >= digestDigits && present.digest.startsWith(shown)) return;
  throw new LabError(
    'refused',
    'what would be reinstalled is not what was shown: the inventory or a profile was changed meanwhile; nothing was armed',
    'look at it again: lab reinstall PATTERN --preview',
  );
}
