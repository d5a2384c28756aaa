import CliTable from 'cli-table3';
import { gutter } from './table-widths.ts';

// cli-table3 takes quadratic time in the number of rows (5,000 rows: 8 s) and measures by an older Unicode, which moves the columns
// after an emoji or a rare Chinese name; cells that come here are filled already, so any longer or stranger table needs no measuring.
const cliTableRows = 200;
const measuredAlike =
  /^[\x20-\x7e\u00c0-\u017f\u2010-\u2026\u2500-\u257f\u3001-\u3029\u4e00-\u9fff\uff01-\uff60]*$/;

/** Joins the cells of terminal lines, each cell filled to its column's width already; spaces at line ends are dropped. */
export function joinCells(lines: readonly (readonly string[])[]): string[] {
  const small =
    lines.length <= cliTableRows &&
    lines.every((cells) => cells.every((cell) => measuredAlike.test(cell)));
  const joined = small ? joinByCliTable(lines) : lines.map((cells) => cells.join(gutter));
  return joined.map((line) => line.trimEnd());
}

const borders = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
] as const;
const inner = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'] as const;
const noBorders = Object.fromEntries([...borders, ...inner].map((name) => [name, '']));

function joinByCliTable(lines: readonly (readonly string[])[]): string[] {
  if (lines.length === 0) return [];
  const table = new CliTable({
    chars: { ...noBorders, middle: gutter },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...lines.map((cells) => [...cells]));
  return table.toString().split('\n');
}
