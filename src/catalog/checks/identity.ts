import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import type { Judgement } from '../../model/plan.ts';
import { fail, fieldsOf, nothingToCompare, pass, unknown, unreadable, worst } from '../judging.ts';
import { isPlaceholder } from '../placeholders.ts';

export default defineCheck({
  name: 'identity',
  summary: 'The PC is the registered machine, by serial number and UUID.',
  options: {},
  wantsRoot: true,
  probe: {
    linux: () => sh`
for name in product_serial product_uuid board_serial; do
file=/sys/class/dmi/id/$name
[ -e "$file" ] && value= && read -r value < "$file" && printf '%s=%s\n' "$name" "$value"
done
file=/proc/device-tree/serial-number
[ -e "$file" ] && printf 'product_serial=%s\n' "$(tr -d '\0' < "$file")"
[ -e /sys/class/dmi/id ] || [ -e "$file" ] || echo 'none=1'`,
  },
  judge(output, _options, host) {
    const fields = fieldsOf(output.stdout);
    const serial = fields.get('product_serial') ?? '';
    const uuid = (fields.get('product_uuid') ?? '').toLowerCase();
    const key = isPlaceholder(serial) ? uuid : serial;
    const told = [serial, uuid].filter((text) => !isPlaceholder(text)).join(', ');
    if (host.serial === '' && host.uuid === '')
      return { ...nothingToCompare(told), ...(isPlaceholder(key) ? {} : { key }) };
    if (fields.has('none'))
      return unknown('the firmware tells no serial number (no DMI table)', {
        expected: host.serial,
      });
    const findings: Judgement[] = [];
    if (host.serial !== '')
      findings.push(
        judgeOne(
          'serial',
          [serial, fields.get('board_serial') ?? ''],
          host.serial.trim(),
          sameText,
        ),
      );
    if (host.uuid !== '') findings.push(judgeOne('UUID', [uuid], host.uuid.trim(), sameUuid));
    const certain = findings.filter((one) => one.verdict !== 'unknown');
    if (certain.length > 0) return worst(certain);
    return output.stderr === '' ? worst(findings) : unreadable(output, 'its serial number');
  },
});

function judgeOne(
  what: string,
  found: readonly string[],
  expected: string,
  same: (one: string, other: string) => boolean,
): Judgement {
  const told = found[0] ?? '';
  const match = found.find((text) => text !== '' && same(text, expected));
  if (match !== undefined) return pass(`${what} ${match}`);
  if (told === '') return unknown(`no ${what} was read`, { expected: `${what} ${expected}` });
  if (isPlaceholder(told))
    return unknown(`the firmware's ${what} is a placeholder (${told})`, {
      expected: `${what} ${expected}`,
    });
  return fail(`${what} ${told}`, {
    expected: `${what} ${expected}`,
    hint: 'another machine stands at this seat: correct the inventory, or find the registered one',
  });
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Firmware older than SMBIOS 2.6 writes the first three groups in the other byte order (DSP0134, 7.2.1). */
function sameUuid(one: string, other: string): boolean {
  const [bare, wanted] = [one, other].map((text) => text.toLowerCase().replaceAll('-', ''));
  return bare === wanted || swapGroups(bare ?? '') === wanted;
}

function swapGroups(bare: string): string {
  const pairs = bare.match(/../g) ?? [];
  const turn = (from: number, to: number) => pairs.slice(from, to).reverse().join('');
  return turn(0, 4) + turn(4, 6) + turn(6, 8) + pairs.slice(8).join('');
}
