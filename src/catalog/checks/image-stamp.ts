import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { text } from '../../model/options.ts';
import { fail, nothingToCompare, pass, unreadable } from '../judging.ts';

export default defineCheck({
  name: 'image-stamp',
  summary: 'The system on the disk is the one that was installed.',
  options: {
    image: text('', 'the name of the image; empty: any'),
    stamp: text('', 'its stamp, SHA-256, or - for what an installer brought; empty: only tell'),
  },
  probe: {
    linux: () => sh`
if [ -e /etc/labkit/image ]; then head -n 1 /etc/labkit/image | head -c 300
else echo none; fi`,
  },
  judge(output, { image, stamp }) {
    const line = output.stdout.trim();
    const [, name = '', found = ''] = /^([\w.+-]{1,100}) ([0-9a-f]{64}|-)$/.exec(line) ?? [];
    if (found === '' && line !== 'none') return unreadable(output, 'the stamp of its image');
    const told = found === '' ? 'no stamp' : `${name} ${short(found)}`;
    // Every installer leaves the same stamp: only the name tells one from another.
    const key = found === '-' ? `${name} -` : found;
    if (stamp === '' || (stamp === '-' && image === '')) return nothingToCompare(told, key);
    const expected = `${image} ${short(stamp)}`.trim();
    if (found === stamp && (image === '' || name === image)) return pass(told, { key });
    return fail(told, {
      expected,
      hint: 'it started another system than the one that was written: see the boot order of its firmware',
    });
  },
});

function short(stamp: string): string {
  return stamp.slice(0, 12);
}
