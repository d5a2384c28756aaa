/** Counts up the seat of a host as `lab inventory set` would: `set-loop.ts FILE TIMES`; with TIMES 0 it goes on until it is killed. Says "ready" after the first time. */
import { planEdit } from '../../../src/inventory/edit.ts';
import { entryOf, type Located } from '../../../src/model/located.ts';
import { saveEdit } from '../../../src/store/save-edit.ts';
import { parseYaml } from '../../../src/store/yaml.ts';

const [path = '', times = '0'] = process.argv.slice(2);
for (let done = 0; times === '0' || done < Number(times); done += 1) {
  await saveEdit(path, `writer ${process.pid}`, countUp, { waitMs: 120_000 });
  if (done === 0) process.stdout.write('ready\n');
}

function countUp(text: string): string {
  const { root } = parseYaml(text, path);
  if (!root) throw new Error('the file cannot be read');
  const role = { kind: 'source', format: 'yaml' } as const;
  const seat = String(Number(seatOf(root)) + 1);
  return planEdit({ path, role, text, root }, 'a001', new Map([['seat', seat]]), parseYaml).text;
}

function seatOf(root: Located): string {
  const way = ['all', 'hosts', 'a001', 'seat'];
  const seat = way.reduce<Located | undefined>((node, key) => entryOf(node, key)?.value, root);
  return seat?.kind === 'scalar' ? seat.text : '';
}
