/** Hands PCs on to ever new owners as `lab registry` would: `register-loop.ts FILE STATE FIRST COUNT TIMES`; each PC from FIRST on in turn, TIMES changes in all, 0 for until it is killed. Says "ready" when the first change is about to be made. */

import { makeAsk } from '../../../src/registry/ask.ts';
import { changeOnce } from '../../helpers/registry-project.ts';

const [file = '', state = '', first = '0', count = '1', times = '0'] = process.argv.slice(2);
process.stdout.write('ready\n');
for (let done = 0; times === '0' || done < Number(times); done += 1) {
  const host = `pc${Number(first) + (done % Number(count))}`;
  const round = Math.floor(done / Number(count));
  const id = `${process.pid}-${done}`;
  const fields = { owner: `王${id}`, ownerId: id };
  await changeOnce({ file, state }, makeAsk(await verbOf(host, round), host, fields));
}

/** The first change of a PC registers it, all others hand it on; which it is, the inventory tells. */
async function verbOf(host: string, round: number): Promise<'register' | 'transfer'> {
  if (round > 0) return 'transfer';
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(file, 'utf8');
  const lines = text.slice(text.indexOf(` ${host}:`)).split(/\n {8}pc/)[0] ?? '';
  return lines.includes('owner:') ? 'transfer' : 'register';
}
