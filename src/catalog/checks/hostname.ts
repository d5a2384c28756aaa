import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { text } from '../../model/options.ts';
import { duplicates } from '../duplicates.ts';
import { fail, fieldsOf, pass, skip, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'hostname',
  summary: 'The PC calls itself what the inventory calls it, and no other PC does.',
  options: { expected: text('', 'the right name; empty: the name in the inventory') },
  probe: {
    linux: () => sh`
read -r name < /proc/sys/kernel/hostname && printf 'running=%s\n' "$name"
[ -e /etc/hostname ] && read -r name < /etc/hostname && printf 'stored=%s\n' "$name"`,
  },
  judge(output, options, host) {
    const fields = fieldsOf(output.stdout);
    const running = fields.get('running') ?? '';
    const stored = fields.get('stored') ?? running;
    if (!/^[\w.-]{1,253}$/.test(running)) return unreadable(output, 'the host name');
    const expected = shortName(options.expected === '' ? host.name : options.expected);
    const key = shortName(running);
    if (options.expected === '' && /^[\d.]+$|:/.test(host.name))
      return skip(`the inventory knows it only by an address; it calls itself ${running}`, { key });
    const more = { expected, key };
    if (shortName(running) !== expected)
      return fail(running, { ...more, hint: `set it with: hostnamectl set-hostname ${expected}` });
    if (shortName(stored) !== expected && stored !== '' && !stored.startsWith('#'))
      return warn(`${running}, but ${stored} after the next start`, {
        ...more,
        hint: 'correct /etc/hostname',
      });
    if (expected.length > 15)
      return warn(`${running} (${expected.length} characters)`, {
        ...more,
        hint: 'Windows networks see only the first 15 characters of a name',
      });
    return pass(running, more);
  },
  compare: (rows) => duplicates(rows, 'host name'),
});

function shortName(name: string): string {
  return (name.split('.')[0] ?? '').toLowerCase();
}
