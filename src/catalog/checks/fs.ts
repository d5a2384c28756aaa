import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { fail, pass, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'fs',
  summary: 'The file systems are writable and report no errors.',
  options: {},
  probe: {
    linux: () => sh`
cat /proc/mounts
for disk in /sys/fs/ext4/*; do
[ -e "$disk/errors_count" ] && read -r count < "$disk/errors_count" && printf 'errors=%s %s\n' "$disk" "$count"
done`,
  },
  judge(output) {
    const mounts = output.stdout
      .split('\n')
      .map((line) => line.split(' '))
      .filter((parts) => parts.length === 6 && /^\d+$/.test(parts[5] ?? ''));
    const root = mounts.findLast((parts) => parts[1] === '/');
    if (root === undefined) return unreadable(output, 'what is mounted');
    if (isReadOnly(root))
      return fail('/ is mounted read-only', {
        expected: '/ mounted for writing',
        hint: 'the kernel does so after errors on the disk: look at dmesg and smart, then run fsck',
      });
    const errors = output.stdout.split('\n').flatMap((line) => {
      const [, disk, count] = /^errors=\/sys\/fs\/ext4\/(\S+) ([1-9]\d*)$/.exec(line) ?? [];
      return disk === undefined ? [] : [`${disk}: ${count} errors`];
    });
    if (errors.length > 0)
      return warn(errors.join(', '), {
        expected: 'no errors since the last fsck',
        hint: 'run fsck at the next start (kernel parameter fsck.mode=force)',
      });
    const frozen = mounts.filter(
      (parts) =>
        isReadOnly(parts) &&
        /^\/dev\/(?!loop|sr)/.test(parts[0] ?? '') &&
        diskTypes.test(parts[2] ?? ''),
    );
    if (frozen.length > 0)
      return warn(`${frozen.map((parts) => parts[1]).join(', ')} mounted read-only`, {
        expected: 'mounted for writing',
        hint: 'look at dmesg for errors of the disk',
      });
    return pass(`/ is ${root[2]}, writable, no errors counted`);
  },
});

const diskTypes = /^(?:ext[234]|xfs|btrfs|f2fs|jfs)$/;

function isReadOnly(mount: readonly string[]): boolean {
  return (mount[3] ?? '').split(',').includes('ro');
}
