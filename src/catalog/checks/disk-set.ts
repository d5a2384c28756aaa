import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { flag, number } from '../../model/options.ts';
import { fail, nothingToCompare, pass, skip, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'disk-set',
  summary: 'The PC has the disks it should have.',
  options: {
    count: number(0, 'it should have so many disks at least; 0: only tell', { min: 0 }),
    gib: number(0, 'all disks together should have so many GiB at least; 0: any', { min: 0 }),
    ssd: flag(false, 'the disks should be SSDs'),
  },
  probe: {
    linux: () => sh`
cd /sys/block && for disk in *; do
case $disk in loop*|ram*|zram*|dm-*|md*|sr*|fd*|nbd*) continue ;; esac
[ -e "$disk/device" ] || continue
removable= size= spins= model=
read -r removable < "$disk/removable"; [ "$removable" = 1 ] && continue
read -r size < "$disk/size"; read -r spins < "$disk/queue/rotational"
[ -e "$disk/device/model" ] && read -r model < "$disk/device/model"
printf 'disk %s %s %s %s\n' "$disk" "$size" "$spins" "$model"
done
echo end`,
  },
  judge(output, options) {
    if (!/^end$/m.test(output.stdout)) return unreadable(output, 'its disks');
    const disks = [...output.stdout.matchAll(/^disk (\S+) (\d{1,15}) ([01]) ?(.*)$/gm)].map(
      ([, name = '', sectors, spins, model = '']) => ({
        name,
        gib: Number(sectors) / 2 ** 21,
        spins: spins === '1',
        model: model.trim(),
      }),
    );
    // The kernel counts 512-byte sectors whatever the disk's own are (sysfs-block, "size")
    const found = disks
      .map(
        (disk) =>
          `${disk.name} ${Math.round(disk.gib)} GiB${disk.model === '' ? '' : ` ${disk.model}`}`,
      )
      .join(', ');
    const key = disks
      .map((disk) => `${Math.round(disk.gib)} GiB ${disk.spins ? 'HDD' : 'SSD'}`)
      .sort()
      .join(' + ');
    const total = disks.reduce((sum, disk) => sum + disk.gib, 0);
    if (disks.length === 0 && options.count === 0 && options.gib === 0)
      return skip('no disk of its own');
    const more = { key };
    if (disks.length < options.count)
      return fail(found === '' ? 'no disk' : found, {
        ...more,
        expected: `${options.count} disks`,
        hint: 'a disk is missing, dead or unplugged: open the PC',
      });
    if (total < options.gib * 0.9)
      return fail(found, {
        ...more,
        expected: `${options.gib} GiB`,
        hint: 'a smaller disk than ordered',
      });
    if (options.ssd && disks.some((disk) => disk.spins))
      return warn(found, { ...more, expected: 'SSDs only' });
    return options.count === 0 && options.gib === 0 && !options.ssd
      ? nothingToCompare(found, key)
      : pass(found, more);
  },
});
