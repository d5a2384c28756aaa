import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { text } from '../../model/options.ts';
import { fail, fieldsOf, nothingToCompare, pass, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'os-build',
  summary: 'The PC runs the right operating system, one that still gets updates.',
  options: {
    expected: text(
      '',
      'part of the right system and version, such as "Debian GNU/Linux 12"; empty: only tell',
    ),
  },
  probe: {
    linux: () => sh`
for file in /etc/os-release /usr/lib/os-release; do [ -e "$file" ] && . "$file" && break; done
printf 'name=%s\nsupport=%s\n' "$PRETTY_NAME" "$SUPPORT_END"
read -r version < /etc/debian_version && printf 'point=%s\n' "$version"
read -r kernel < /proc/sys/kernel/osrelease && printf 'kernel=%s\n' "$kernel"`,
  },
  judge(output, { expected }) {
    const fields = fieldsOf(output.stdout);
    const name = fields.get('name') ?? '';
    const kernel = fields.get('kernel') ?? '';
    if (name === '' || kernel === '') return unreadable(output, 'its system');
    const point = fields.get('point') ?? '';
    const found = [
      name,
      ...(/^\d+\.\d+$/.test(point) ? [`(${point})`] : []),
      `kernel ${kernel}`,
    ].join(' ');
    const more = { key: found };
    // os-release(5): SUPPORT_END is a date in ISO 8601
    const supportEndMs = Date.parse(fields.get('support') ?? '');
    if (supportEndMs < output.sentAtMs)
      return fail(found, {
        ...more,
        expected: 'a system that still gets updates',
        hint: `its support ended on ${fields.get('support')}`,
      });
    if (expected !== '')
      return found.toLowerCase().includes(expected.toLowerCase())
        ? pass(found, more)
        : warn(found, { ...more, expected });
    return Number.isNaN(supportEndMs) ? nothingToCompare(found, found) : pass(found, more);
  },
});
