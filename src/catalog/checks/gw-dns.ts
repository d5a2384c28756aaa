import type { ProbeOutput } from '../../model/check.ts';
import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import type { Host } from '../../model/host.ts';
import { number, text } from '../../model/options.ts';
import type { Judgement } from '../../model/plan.ts';
import {
  fail,
  fieldsOf,
  firstLine,
  pass,
  skip,
  unknown,
  unreadable,
  warn,
  worst,
} from '../judging.ts';

export default defineCheck({
  name: 'gw-dns',
  summary: 'The PC reaches its gateway and can look names up.',
  options: {
    maxLost: number(1, 'so many of 5 pings may be lost', { min: 0, max: 5 }),
    insideName: text('', 'a name of the school to look up; empty: none'),
    outsideName: text('', 'a name of the internet to look up; empty: none'),
  },
  turn: 'beside',
  probe: {
    linux: ({ insideName, outsideName }) => sh`
route=$(ip -4 route show default) && echo asked=1
set -f; set -- $route
if [ "$2" = via ]; then
printf 'gateway=%s\n' "$3"
if command -v ping >/dev/null 2>&1; then ping -n -q -c 5 -i 0.2 -w 1 "$3" & 
else ip neigh show "$3"; fi
fi
for name in ${[insideName, outsideName].filter((name) => name !== '')}; do
timeout 2 getent hosts "$name" >/dev/null 2>&1
printf 'lookup=%s %s\n' "$?" "$name"
done
wait`,
  },
  judge(output, options, host) {
    const fields = fieldsOf(output.stdout);
    if (!fields.has('asked')) return unreadable(output, 'its gateway');
    const findings = [judgeGateway(output, fields.get('gateway') ?? '', options.maxLost, host)];
    for (const [, code = '', name = ''] of output.stdout.matchAll(/^lookup=(\d+) (.+)$/gm))
      findings.push(judgeLookup(name, Number(code)));
    return worst(findings);
  },
});

function judgeGateway(
  output: ProbeOutput,
  gateway: string,
  maxLost: number,
  host: Host,
): Judgement {
  const expected = host.room?.gateway ?? '';
  if (gateway === '' && expected === '') return skip('it has no gateway, and none is registered');
  if (gateway === '')
    return fail('no gateway', {
      expected,
      hint: 'correct its network settings or the DHCP options',
    });
  if (expected !== '' && gateway !== expected)
    return fail(`gateway ${gateway}`, {
      expected,
      hint: 'correct its network settings or the DHCP options',
    });
  const [, sent, received] =
    /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output.stdout) ?? [];
  if (sent === undefined) return judgeNeighbour(output, gateway);
  const lost = Number(sent) - Number(received);
  const found = `gateway ${gateway} answered ${received} of ${sent} pings`;
  if (Number(sent) === 0) return unknown(found);
  if (Number(received) === 0)
    return fail(found, { hint: 'check the cable, the switch port and the gateway' });
  return lost <= maxLost
    ? pass(found)
    : warn(found, { hint: 'check the cable and the switch port' });
}

function judgeNeighbour(output: ProbeOutput, gateway: string): Judgement {
  if (/ lladdr \S+ .*\b(?:REACHABLE|DELAY)\b/.test(output.stdout))
    return pass(`gateway ${gateway} answers ARP`);
  const why = output.stderr === '' ? 'ping is not installed' : firstLine(output.stderr);
  return unknown(`cannot tell whether gateway ${gateway} answers: ${why}`);
}

function judgeLookup(name: string, code: number): Judgement {
  if (code === 0) return pass(`${name} is found`);
  if (code === 2)
    return fail(`${name} is not found`, { hint: 'look at /etc/resolv.conf and the DNS server' });
  if (code === 124)
    return fail(`no answer about ${name} in 2 s`, {
      hint: 'look at /etc/resolv.conf and the DNS server',
    });
  return unknown(`cannot look up ${name} (exit code ${code})`);
}
