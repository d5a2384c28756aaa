/** Counts a file up by saving edits: `edit-loop.ts FILE TIMES`; with TIMES 0 it goes on until it is killed. Says "ready" after the first edit. */
import { saveEdit } from '../../../src/store/save-edit.ts';

const [path = '', times = '0'] = process.argv.slice(2);
for (let done = 0; times === '0' || done < Number(times); done += 1) {
  await saveEdit(path, `writer ${process.pid}`, (text) => nextText(text), { waitMs: 120_000 });
  if (done === 0) process.stdout.write('ready\n');
}

function nextText(text: string): string {
  const count = Number(/^count: (\d+)$/m.exec(text)?.[1]);
  return `# 第一机房\r\ncount: ${count + 1}\n${'x'.repeat(200_000)}\nend: ${count + 1}\n`;
}
