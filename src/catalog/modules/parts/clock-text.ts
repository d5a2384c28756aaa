/** An instant as Python prints a datetime, in UTC: `2024-05-06 07:08:09.123000`. */
export function datetimeText(ms: number): string {
  return `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}000`;
}

/** Whole seconds that went by. */
export function elapsedSeconds(startMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - startMs) / 1000));
}
