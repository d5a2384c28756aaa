/** How much an address may ask for: `burst` at once, and `perSecond` more as time goes by. */
export interface Allowance {
  readonly burst: number;
  readonly perSecond: number;
}

/** Counts what addresses use up. `spend` says whether there was something left; `isOver` asks without spending. */
export interface Budget {
  spend(address: string): boolean;
  isOver(address: string): boolean;
}

const mostAddresses = 4096;

/** A token bucket for each address; `now` in milliseconds. Remembers a bounded number of addresses: those that asked longest ago are forgotten, which never refuses anybody. */
export function openBudget({ burst, perSecond }: Allowance, now: () => number): Budget {
  const used = new Map<string, { level: number; at: number }>();
  const levelOf = (address: string): number => {
    const known = used.get(address);
    if (!known) return 0;
    return Math.max(0, known.level - ((now() - known.at) / 1000) * perSecond);
  };
  return {
    spend(address) {
      const level = levelOf(address);
      const isLeft = level + 1 <= burst;
      used.delete(address);
      used.set(address, { level: isLeft ? level + 1 : level, at: now() });
      const oldest = used.keys().next();
      if (used.size > mostAddresses && !oldest.done) used.delete(oldest.value);
      return isLeft;
    },
    isOver: (address) => levelOf(address) + 1 > burst,
  };
}
