/** How many calls are looked at in one round trip: many while nothing changes, few after a change, since all that was seen before it must be asked again. */
export interface Window {
  size(): number;
  unchanged(): void;
  changed(): void;
}

export function openWindow(): Window {
  let size = 16;
  let calm = 0;
  return {
    size: () => size,
    unchanged() {
      calm += 1;
      if (calm < size) return;
      calm = 0;
      size = Math.min(64, size * 2);
    },
    changed() {
      calm = 0;
      size = 2;
    },
  };
}
