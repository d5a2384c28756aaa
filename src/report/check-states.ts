import type { ReachReason } from '../model/connection.ts';
import type { CheckedHost, CheckRow } from './check-rows.ts';
import { fieldOf, type RunRecord } from './run-record.ts';

/** What a host is like, from all its verdicts together. */
export type HostState = 'ready' | 'attention' | 'broken' | 'off' | 'unknown';

// Silence is what a PC that is switched off gives; every other reason comes from something that answered.
const silence: readonly (ReachReason | string)[] = ['no-route', 'timeout'];

/** Whether nothing at all answered: by the `reach` check where it was asked, else by the connection itself. */
export function isOff({ host, rows }: CheckedHost, { unreachable }: RunRecord): boolean {
  const reach = rows.find(({ check }) => check === 'reach');
  if (reach) return reach.verdict === 'unknown' && silence.includes(reach.reason);
  const lost = unreachable.get(host.host);
  return (
    lost !== undefined &&
    silence.includes(lost.reason) &&
    rows.every(({ verdict }) => verdict === 'unknown')
  );
}

/** The state of a host: off before broken before the others; 'ready' needs at least one verdict that passed and none that is unknown. */
export function judgeState(checked: CheckedHost, record: RunRecord): HostState {
  const { host, rows } = checked;
  const has = (verdict: CheckRow['verdict']): boolean =>
    rows.some((row) => row.verdict === verdict);
  if (rows.length === 0 && isMarkedBroken(host)) return 'broken';
  if (isOff(checked, record)) return 'off';
  if (has('fail')) return 'broken';
  if (has('unknown')) return isMostlyJudged(rows) ? 'attention' : 'unknown';
  if (has('warn')) return 'attention';
  return has('pass') ? 'ready' : 'unknown';
}

/** One thing that could not be read (it wants root, say) leaves a PC judged; that one can log in says nothing about the PC itself. */
function isMostlyJudged(rows: readonly CheckRow[]): boolean {
  const asked = rows.filter(({ check, verdict }) => check !== 'reach' && verdict !== 'skip');
  const unknown = asked.filter(({ verdict }) => verdict === 'unknown').length;
  return asked.length > 2 * unknown;
}

/** Whether the inventory says that this PC is broken. */
export function isMarkedBroken(host: CheckedHost['host']): boolean {
  return fieldOf(host, 'status') === 'broken';
}
