import type { DiskRule } from '../model/boot.ts';
import { LabError } from '../model/lab-error.ts';

/** How much smaller Win32_DiskDrive tells a disk than it is: it counts whole cylinders of 255 heads and 63 sectors of 512 bytes (Win32_DiskDrive, Size). */
const cylinder = 255 * 63 * 512;

/** Why WinPE cannot find a disk by a rule; undefined where it can. It knows serial numbers and sizes, and no World Wide Name. */
export function refuseWindowsDisk(
  rule: DiskRule,
): { readonly problem: string; readonly hint: string } | undefined {
  if (rule.by === 'only') return undefined;
  const hint = 'write the serial number of the disk into its variable disk, and no WWN';
  if (rule.wwn !== '') return { problem: "Windows' setup does not know a disk by its WWN", hint };
  // Anything else could end the text it is compared with, or the command.
  if (!/^[\w.:+-]+$/.test(rule.serial))
    return { problem: "Windows' setup needs the serial number of the disk", hint };
  return undefined;
}

/** What WMI is asked for the disks that may be wiped, by the rule that was confirmed: USB and removable ones never (Win32_DiskDrive, InterfaceType and MediaType). Throws LabError 'input' where the rule cannot be said. */
export function diskQuery(rule: DiskRule): string {
  const refused = refuseWindowsDisk(rule);
  if (refused) throw new LabError('input', refused.problem, refused.hint);
  const fixed = "InterfaceType<>'USB' and MediaType='Fixed hard disk media'";
  if (rule.by === 'only') return fixed;
  const size = rule.bytes === 0 ? '' : ` and Size<=${rule.bytes} and Size>${rule.bytes - cylinder}`;
  return `${fixed} and SerialNumber='${rule.serial}'${size}`;
}
