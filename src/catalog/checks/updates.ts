import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { flag, number } from '../../model/options.ts';
import type { Judgement } from '../../model/plan.ts';
import { fieldsOf, pass, unknown, unreadable, warn, wholeNumber, worst } from '../judging.ts';

export default defineCheck({
  name: 'updates',
  summary: 'The PC has looked for updates lately.',
  options: {
    warnDays: number(45, 'worth a warning after so many days without', { min: 0 }),
    simulate: flag(
      false,
      'also count the updates that wait, from the lists on the PC (takes a second)',
    ),
    maxPending: number(50, 'with simulate: worth a warning above so many', { min: 0 }),
  },
  probe: {
    linux: ({ simulate }) => sh`
printf 'now=%s\n' "$(date +%s)"
stat -c 'refreshed %Y' /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists /var/cache/apt/pkgcache.bin /var/cache/dnf 2>/dev/null
stat -c 'changed %Y' /var/lib/dpkg/status /var/lib/rpm/rpmdb.sqlite /var/lib/rpm/Packages /usr/lib/sysimage/rpm/rpmdb.sqlite 2>/dev/null
${{ script: simulate ? count : ':' }}`,
  },
  judge(output, options) {
    const now = wholeNumber(fieldsOf(output.stdout).get('now'));
    if (now === undefined) return unreadable(output, 'when it was updated');
    const refreshed = newest(output.stdout, 'refreshed', now);
    const changed = newest(output.stdout, 'changed', now);
    const days = refreshed ?? changed;
    if (days === undefined) return unknown('no trace of a package manager (apt, dnf)');
    const found = [
      ...(refreshed === undefined ? [] : [`looked for updates ${daysText(refreshed)}`]),
      ...(changed === undefined ? [] : [`packages changed ${daysText(changed)}`]),
    ].join(', ');
    if (days < -1) return unknown(`its clock is before its last update (${found})`);
    const hint = 'run apt update (dnf makecache) or look at its automatic updates';
    const age: Judgement =
      days > options.warnDays
        ? warn(found, { expected: `within ${options.warnDays} days`, hint })
        : pass(found);
    return options.simulate ? worst([age, judgePending(output.stdout, options.maxPending)]) : age;
  },
});

const count = `if command -v apt-get >/dev/null 2>&1; then printf 'pending=%s\\n' "$(apt-get -qq -s -o Debug::NoLocking=1 upgrade 2>/dev/null | grep -c '^Inst ')"
elif command -v dnf >/dev/null 2>&1; then printf 'pending=%s\\n' "$(dnf -C -q check-update 2>/dev/null | grep -c '^[^ ]')"; fi`;

function judgePending(stdout: string, maxPending: number): Judgement {
  const pending = wholeNumber(fieldsOf(stdout).get('pending'));
  if (pending === undefined) return unknown('cannot count the updates that wait');
  const found = `${pending} updates wait`;
  return pending > maxPending
    ? warn(found, { expected: `at most ${maxPending}`, hint: 'install them' })
    : pass(found);
}

/** Days since the newest stamp of a kind. */
function newest(stdout: string, kind: string, now: number): number | undefined {
  const stamps = [...stdout.matchAll(new RegExp(`^${kind} (\\d{1,12})$`, 'gm'))].map(([, at]) =>
    Number(at),
  );
  return stamps.length === 0 ? undefined : (now - Math.max(...stamps)) / 86_400;
}

function daysText(days: number): string {
  return days < 1 ? 'today' : `${Math.floor(days)} days ago`;
}
