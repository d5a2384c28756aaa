/** Spaces between two columns of a table. */
export const gutter = '  ';

/** What a column would like: its widest text, and how it may give way. */
export interface WidthWish {
  readonly natural: number;
  /** 'first' shrinks before all others, 'late' only then, 'never' runs over the edge instead. */
  readonly shrinks: 'first' | 'late' | 'never';
}

/** Shares out a line of so many columns: flexible columns shrink first, the widest of them before the others; nothing goes below what can still be read, nor gives way where a fixed column runs over the edge anyhow. */
export function planWidths(wishes: readonly WidthWish[], columns: number): number[] {
  const widths = wishes.map(({ natural, shrinks }) =>
    shrinks === 'never' ? natural : Math.min(natural, Math.max(columns, 2)),
  );
  const sum = (): number => widths.reduce((total, width) => total + width, 0);
  let excess = sum() + gutter.length * Math.max(0, wishes.length - 1) - columns;
  const shrink = (floor: number, may: (wish: WidthWish) => boolean): void => {
    while (excess > 0) {
      const candidates = widths.flatMap((width, index) => {
        const wish = wishes[index];
        return wish && may(wish) && width > floor ? [{ width, index }] : [];
      });
      const widest = candidates.reduce((best, each) => (each.width > best.width ? each : best), {
        width: 0,
        index: -1,
      });
      if (widest.index === -1) return;
      widths[widest.index] = widest.width - 1;
      excess -= 1;
    }
  };
  const isFirst = ({ shrinks }: WidthWish): boolean => shrinks === 'first';
  shrink(12, isFirst);
  shrink(6, isFirst);
  if (wishes.some((wish) => wish.shrinks === 'never')) return widths;
  shrink(6, () => true);
  shrink(2, () => true);
  return widths;
}
