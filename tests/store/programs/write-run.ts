import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../../src/store/store.ts';

/** Writes a run of `count` events for ever so long, one each millisecond, and says "ready" once it is begun: `write-run.ts FOLDER RUN COUNT [finish]`. */
const [folder = '', run = '', count = '0', finish = ''] = process.argv.slice(2);
const store = await openStore(folder);
const at = () => new Date().toISOString();
const hosts = [{ host: 'pc1', room: '', seat: '' }];
const begun = { kind: 'run', title: 'test', hosts, steps: [], context: {} };
store.append({ type: 'run.started', run, seq: 1, at: at(), ...begun });
const lock = await store.takeLock(`pc-${run}`, { who: 'writer', since: at(), run });
process.stdout.write('ready\n');
for (let seq = 2; seq < Number(count); seq += 1) {
  const output = { host: 'pc1', step: 's', stream: 'stdout', text: `line ${seq}` } as const;
  store.append({ type: 'step.output', run, seq, at: at(), ...output });
  if (seq % 4 === 0) await sleep(1);
}
if (finish !== '') {
  const seq = Number(count);
  const end = { outcome: 'finished', totals: { ok: 1 } } as const;
  store.append({ type: 'run.finished', run, seq, at: at(), ...end });
}
await lock[Symbol.asyncDispose]();
store.close();
