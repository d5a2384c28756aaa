import { parseIp } from '../../model/ip.ts';
import { LabError } from '../../model/lab-error.ts';
import { parseMac } from '../../model/mac.ts';
import { openRows } from '../../registry/chain.ts';
import { type Moment, parseMoment } from '../../registry/moment.ts';
import { answerWho } from '../../registry/who.ts';
import { reportWho } from '../../report/who-report.ts';
import { defineCommand } from '../define-command.ts';
import { openRegistry } from '../open-registry.ts';
import { textOf } from '../registry-flags.ts';
import { showReport } from '../show-report.ts';

export default defineCommand({
  syntax: 'registry who <address>',
  summary: 'Who answered for an IP or MAC address at a moment, with the rows as evidence',
  description:
    'A time counts as exactly as it is written: a date is its whole day, 10:05 the whole minute. Answers also "nobody", and "unknown" for what was before the first row or has been purged. Without --at: now.',
  options: [['--at <time>', '"2026-03-12 10:05" (local), 2026-03-12T02:05:00Z, or a date']],
  families: ['output', 'project'],
  examples: [
    'registry who 10.1.1.21 --at "2026-03-12 10:05"',
    'registry who 00-E0-4C-01-00-07',
    'registry who 10.1.1.21 --at 2026-03-12 -o json',
  ],
  async run(context, [typed], options) {
    const asked = readAddress(String(typed));
    const at = textOf(options, 'at');
    const given = at === undefined ? undefined : readMoment(at);
    const { ledger, knownFrom, occasion } = await openRegistry(context);
    const moment = given ?? { from: occasion.at, to: occasion.at };
    const answer = answerWho(
      { ...asked, moment },
      {
        rows: openRows(ledger.loadByAddress(asked.address)),
        knownFrom: knownFrom.from,
        knownFromReason: knownFrom.reason,
        now: occasion.at,
      },
    );
    const found = { ...asked, ...moment, ...answer, knownFrom: knownFrom.from };
    await showReport(context, reportWho(found, occasion.at, context.settings.lang));
    return 0;
  },
});

function readAddress(text: string): { address: string; kind: 'ip' | 'mac' } {
  const ip = parseIp(text.trim());
  if ('ip' in ip) return { address: ip.ip, kind: 'ip' };
  const mac = parseMac(text);
  if ('mac' in mac) return { address: mac.mac, kind: 'mac' };
  throw new LabError('input', `"${text}" is neither an IP nor a MAC address`, mac.hint);
}

function readMoment(text: string): Moment {
  const parsed = parseMoment(text);
  if ('from' in parsed) return parsed;
  throw new LabError('input', `--at: ${parsed.problem}`, parsed.hint);
}
