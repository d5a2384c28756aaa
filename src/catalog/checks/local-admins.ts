import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { texts } from '../../model/options.ts';
import { fail, nothingToCompare, pass, unreadable } from '../judging.ts';

export default defineCheck({
  name: 'local-admins',
  summary: 'Only the right people have administrator rights on the PC.',
  options: {
    allowed: texts([], 'accounts that may be administrators beside root; empty: only tell'),
    groups: texts(['sudo', 'wheel', 'admin'], 'groups whose members are administrators'),
  },
  probe: {
    linux: ({ groups }) => sh`
if command -v getent >/dev/null 2>&1; then getent group ${groups}; else cat /etc/group; fi
echo accounts
cut -d: -f1,3,4 /etc/passwd`,
  },
  judge(output, { allowed, groups }) {
    const [groupText = '', accountText = ''] = `\n${output.stdout}`.split('\naccounts\n');
    const accounts = accountText.split('\n').map((line) => line.split(':'));
    if (!accounts.some(([, uid]) => uid === '0')) return unreadable(output, 'its accounts');
    const admins = new Map<string, string>();
    for (const line of groupText.split('\n')) {
      const [group = '', , gid = '', members = ''] = line.split(':');
      if (!groups.includes(group)) continue;
      const primary = accounts.filter(([, , own]) => own === gid).map(([name = '']) => name);
      for (const name of [...members.split(','), ...primary])
        if (name !== '') admins.set(name, group);
    }
    for (const [name = '', uid] of accounts) if (uid === '0') admins.set(name, 'uid 0');
    admins.delete('root');
    return judgeAdmins(admins, allowed);
  },
});

function judgeAdmins(admins: ReadonlyMap<string, string>, allowed: readonly string[]) {
  const key = [...admins.keys()].sort().join(', ') || 'root only';
  const strangers = [...admins].filter(
    ([name, by]) => by === 'uid 0' || (allowed.length > 0 && !allowed.includes(name)),
  );
  if (strangers.length > 0)
    return fail(strangers.map(([name, by]) => `${name} (${by})`).join(', '), {
      key,
      expected: ['root', ...allowed].join(', '),
      hint: `take the rights away, such as: gpasswd -d ${strangers[0]?.[0]} ${strangers[0]?.[1]}`,
    });
  return allowed.length === 0 ? nothingToCompare(key, key) : pass(key, { key });
}
