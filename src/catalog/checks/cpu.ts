import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { number, text } from '../../model/options.ts';
import { fail, fieldsOf, nothingToCompare, pass, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'cpu',
  summary: 'The PC has the processor it should have.',
  options: {
    model: text('', 'part of the name of the right processor; empty: only tell'),
    minCores: number(0, 'it should have so many cores at least; 0: only tell', { min: 0 }),
  },
  probe: {
    linux: () => sh`
read -r online < /sys/devices/system/cpu/online && printf 'online=%s\n' "$online"
printf 'model=%s\n' "$(grep -m 1 -i -E '^(model name|cpu model|hardware|cpu part)' /proc/cpuinfo)"`,
  },
  judge(output, options) {
    const fields = fieldsOf(output.stdout);
    const cores = countOf(fields.get('online') ?? '');
    const model = (fields.get('model') ?? '')
      .replace(/^[^:]*:\s*/, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
    if (cores === 0) return unreadable(output, 'its processor');
    const key = `${model === '' ? 'a processor' : model}, ${cores} cores`;
    const wanted = [options.model, options.minCores === 0 ? '' : `${options.minCores} cores`]
      .filter((one) => one !== '')
      .join(', ');
    if (wanted === '') return nothingToCompare(key, key);
    const more = { key, expected: wanted };
    if (cores < options.minCores)
      return fail(key, { ...more, hint: 'look at the firmware setup: cores may be switched off' });
    if (!model.toLowerCase().includes(options.model.toLowerCase()))
      return warn(key, { ...more, hint: 'another model stands here' });
    return pass(key, more);
  },
});

/** How many numbers a list such as `0-3,8` holds (cpuset(7), "List format"). */
function countOf(list: string): number {
  if (!/^\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*$/.test(list)) return 0;
  return list.split(',').reduce((sum, part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return sum + Math.max(0, last - first + 1);
  }, 0);
}
