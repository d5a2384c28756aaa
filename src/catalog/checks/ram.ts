import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number } from '../../model/options.ts';
import { fail, nothingToCompare, pass, unreadable, warn, wholeNumber } from '../judging.ts';

export default defineCheck({
  name: 'ram',
  summary: 'The PC has the memory it should have.',
  options: { gib: number(0, 'memory it should have, in GiB; 0: only tell', { min: 0 }) },
  wantsRoot: true,
  probe: {
    linux: () => sh`
read -r name kib unit < /proc/meminfo && printf '%s %s %s\n' "$name" "$kib" "$unit"
[ -e /sys/firmware/dmi/tables/DMI ] && command -v dmidecode >/dev/null 2>&1 && dmidecode -q -t 17 2>/dev/null
:`,
  },
  judge(output, { gib }) {
    const kib = wholeNumber(/^MemTotal: (\d+) kB$/m.exec(output.stdout)?.[1]);
    if (kib === undefined || kib === 0) return unreadable(output, 'its memory');
    const modules = readModules(output.stdout);
    const installed = modules.reduce((sum, size) => sum + size, 0);
    const usable = kib / 1024 ** 2;
    const key = `${Math.round(installed > 0 ? installed : usable)} GiB`;
    const list = modules.map((size) => `${size}`).join(' + ');
    const found = installed > 0 ? `${installed} GiB (${list})` : `${usable.toFixed(1)} GiB usable`;
    if (gib === 0) return nothingToCompare(found, key);
    const more = { key, expected: `${gib} GiB` };
    if (installed > 0)
      return installed >= gib * 0.95
        ? pass(found, more)
        : fail(found, { ...more, hint: 'a module is missing or dead: open the PC' });
    if (usable >= gib * 0.95) return pass(found, more);
    // Firmware and integrated graphics keep some for themselves; only the modules tell for certain
    return usable >= gib * 0.8
      ? warn(found, {
          ...more,
          hint: 'probably kept for graphics; with root and dmidecode the modules can be counted',
        })
      : fail(found, { ...more, hint: 'a module is missing or dead: open the PC' });
  },
});

/** Sizes of the installed modules in GiB (DSP0134, type 17). */
function readModules(stdout: string): number[] {
  return [...stdout.matchAll(/^\s*Size: (\d+) (MB|GB|MiB|GiB)$/gm)].map(
    ([, size, unit = '']) => Number(size) / (unit.startsWith('M') ? 1024 : 1),
  );
}
