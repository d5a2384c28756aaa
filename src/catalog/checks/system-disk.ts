import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number, text } from '../../model/options.ts';
import { fail, fieldsOf, nothingToCompare, pass, unreadable } from '../judging.ts';

export default defineCheck({
  name: 'system-disk',
  summary: 'The system runs from the disk that it was written to.',
  options: {
    serial: text('', 'serial number of that disk; empty: any'),
    wwn: text('', 'its World Wide Name; empty: any'),
    bytes: number(0, 'its size in bytes; 0: any', { min: 0 }),
  },
  probe: {
    linux: () => sh`
source=$(findmnt -no SOURCE / 2>/dev/null) && [ -b "$source" ] || { echo 'none=1'; exit 0; }
disk=$(lsblk -nso NAME,TYPE "$source" 2>/dev/null | sed -n 's/^[^A-Za-z0-9]*\([A-Za-z0-9]*\) disk$/\1/p' | head -n 1)
[ -n "$disk" ] || { echo 'none=1'; exit 0; }
printf 'disk=%s\n' "$disk"
printf 'serial=%s\n' "$(lsblk -dno SERIAL "/dev/$disk" 2>/dev/null || cat "/sys/block/$disk/serial" 2>/dev/null)"
printf 'wwn=%s\n' "$(lsblk -dno WWN "/dev/$disk" 2>/dev/null)"
printf 'bytes=%s\n' "$(($(cat "/sys/block/$disk/size") * 512))"`,
  },
  judge(output, { serial, wwn, bytes }) {
    const fields = fieldsOf(output.stdout);
    const found = (name: string): string => (fields.get(name) ?? '').trim();
    const told = [found('disk'), found('serial'), found('bytes')].filter(Boolean).join(' ');
    if (serial === '' && wwn === '' && bytes === 0) return nothingToCompare(told);
    if (found('disk') === '') return unreadable(output, 'the disk of its system');
    const differs = [
      ...(serial !== '' && !sameWord(found('serial'), serial) ? [`serial ${serial}`] : []),
      ...(wwn !== '' && !sameWord(found('wwn'), wwn) ? [`WWN ${wwn}`] : []),
      ...(bytes !== 0 && Number(found('bytes')) !== bytes ? [`${bytes} bytes`] : []),
    ];
    if (differs.length === 0) return pass(told);
    return fail(told, {
      expected: differs.join(', '),
      hint: 'it starts from another disk than the one that was written: see its firmware',
    });
  },
});

function sameWord(one: string, other: string): boolean {
  const plain = (text: string) => text.replace(/^0x|^naa\./i, '').toLowerCase();
  return plain(one) === plain(other);
}
