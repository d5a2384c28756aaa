import { makeVars, type Value, type Vars } from '../value.ts';
import { type HostFiles, linesOf } from './read-files.ts';
import type { SystemAnswer } from './system.ts';

/** Who the login is, by `id` and the user database, which may know more people than /etc/passwd. */
export function readUser(files: HostFiles, { id, passwd }: SystemAnswer): Vars {
  const [, uid, name = '', gid] = /^uid=(\d+)(?:\(([^)]*)\))? gid=(\d+)/.exec(id) ?? [];
  if (uid === undefined || gid === undefined) return makeVars();
  const entry = [passwd, ...linesOf(files, '/etc/passwd')]
    .map((line) => line.split(':'))
    .find(([own]) => own === name);
  return makeVars([
    ['ansible_user_id', name],
    ['ansible_user_uid', Number(uid)],
    ['ansible_user_gid', Number(gid)],
    ['ansible_real_user_id', Number(uid)],
    ['ansible_effective_user_id', Number(uid)],
    ['ansible_real_group_id', Number(gid)],
    ['ansible_effective_group_id', Number(gid)],
    ...(entry === undefined
      ? []
      : ([
          ['ansible_user_gecos', entry[4] ?? ''],
          ['ansible_user_dir', entry[5] ?? ''],
          ['ansible_user_shell', entry[6] ?? ''],
        ] as const)),
  ]);
}

/** The PC's clock, as Ansible spells it. */
export function readDateTime({ date, later }: SystemAnswer): Vars {
  const [epoch = '', nanos = '', day = '', time = '', ...names] = date.split(' ');
  const [weekday = '', weekdayNumber = '', week = '', zone = '', offset = ''] = names;
  if (!/^\d{1,11}$/.test(epoch) || offset === '') return makeVars();
  const micro = /^\d{9}$/.test(nanos) ? nanos.slice(0, 6) : '000000';
  const utc = new Date(Number(epoch) * 1000).toISOString().slice(0, 19);
  const compact = `${day.replaceAll('-', '')}T${time.replaceAll(':', '')}`;
  const [year = '', month = '', dayOfMonth = ''] = day.split('-');
  const [hour = '', minute = '', second = ''] = time.split(':');
  const facts: Value = {
    ...{ epoch, epoch_int: epoch, date: day, time, year, month, day: dayOfMonth },
    ...{ hour, minute, second, weekday, weekday_number: weekdayNumber, weeknumber: week },
    ...{
      tz: zone,
      tz_dst: summerZone([zone, offset], later.split(' ')),
      tz_offset: offset,
      iso8601: `${utc}Z`,
      iso8601_micro: `${utc}.${micro}Z`,
    },
    ...{ iso8601_basic: `${compact}${micro}`, iso8601_basic_short: compact },
  };
  return makeVars([['ansible_date_time', facts]]);
}

/** The name of the zone in the half of the year whose clock is ahead; the same all year where no clock is changed. */
function summerZone(now: readonly [string, string], later: readonly string[]): string {
  const [zone = now[0], offset = now[1]] = later;
  return Number(offset) > Number(now[1]) ? zone : now[0];
}

/** The environment of the login's shell; entries are apart by NUL (proc_pid_environ(5)). */
export function readEnvironment(text: string): Vars {
  const entries = text.split('\0').flatMap((entry): [string, Value][] => {
    const at = entry.indexOf('=');
    return at <= 0 || entry.startsWith('lab_') ? [] : [[entry.slice(0, at), entry.slice(at + 1)]];
  });
  return makeVars([['ansible_env', makeVars(entries)]]);
}
