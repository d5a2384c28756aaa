import { openStore } from '../../../src/store/store.ts';

// Adds one byte to the progress of an armed boot, as often as it is told: `count-progress.ts FOLDER ID TIMES`.
const [folder = '', id = '', times = ''] = process.argv.slice(2);
using store = await openStore(folder);
for (let n = 0; n < Number(times); n += 1)
  store.armings.update(id, (arming) => ({
    ...arming,
    progress: { ...arming.progress, doneBytes: arming.progress.doneBytes + 1 },
  }));
