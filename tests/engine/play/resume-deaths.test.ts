import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { CallQueue, HostWorker, ReadyCall } from '../../../src/engine/play/hands.ts';
import { type JournalKey, nameKey } from '../../../src/engine/play/journal.ts';
import type { PlayRim } from '../../../src/engine/play/rim.ts';
import type { Host } from '../../../src/model/host.ts';
import type { ModuleResult } from '../../../src/model/module.ts';
import { type Database, openDatabase } from '../../../src/store/database.ts';
import {
  loadInvocation,
  openPlayJournal,
  saveInvocation,
} from '../../../src/store/play-journal.ts';
import { playProject, writeProject } from '../../helpers/play-rig.ts';
import { distinctHosts } from '../../helpers/scripted-workers.ts';

/** What a command says must be said once: it may not be done twice. Only the one that always fails minds it itself, for it is tried again. */
const playbook = `- hosts: all
  gather_facts: false
  tasks:
    - copy: {content: one, dest: one}
      notify: one
    - command: say first
    - copy: {content: "{{ item }}", dest: "{{ item }}"}
      loop: [two, three]
      notify: loop
    - command: say {{ item }}
      loop: [loop-one, loop-two]
    - copy: {content: told, dest: told}
      register: told
    - command: say told
      when: told is changed
    - block:
        - command: fail block
      rescue:
        - command: say rescue
      always:
        - copy: {content: always, dest: always}
  handlers:
    - name: one
      command: say handler-one
    - name: loop
      command: say handler-loop
`;
const words = 'block first handler-loop handler-one loop-one loop-two rescue told';
const hosts = ['a', 'b', 'c'];

const project = writeProject({ ...distinctHosts(...hosts), 'site.yaml': playbook });
const folder = mkdtempSync(join(tmpdir(), 'lab-deaths-'));
const database = openDatabase(folder);
afterAll(() => {
  database.close();
  project.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A controller that does so many things; whatever it would do after them never happens. */
interface Life {
  readonly died: Promise<'died'>;
  /** False where the controller is dead. */
  lives(): boolean;
  /** Comes back only to a living one. */
  step(): Promise<void>;
}

function live(steps: number): Life {
  const died = Promise.withResolvers<'died'>();
  let left = steps;
  const lives = (): boolean => {
    left = Math.max(0, left - 1);
    if (left === 0) died.resolve('died');
    return left > 0;
  };
  const step = () => (lives() ? Promise.resolve() : new Promise<void>(() => {}));
  return { died: died.promise, lives, step };
}

/** A PC: what commands said on it, and the files it has. */
interface Pc {
  readonly said: string[];
  readonly files: Set<string>;
}
type Pcs = ReadonlyMap<string, Pc>;

const pcOf = (pcs: Pcs, host: string): Pc => pcs.get(host) ?? { said: [], files: new Set() };

function carryOut({ said, files }: Pc, { module, args }: ReadyCall): ModuleResult {
  const { cmd = '', dest = '' } = args as { readonly cmd?: string; readonly dest?: string };
  if (module.name !== 'command') return { changed: files.size < files.add(dest).size };
  const [program, word = ''] = cmd.split(' ');
  if (program === 'say' || !said.includes(word)) said.push(word);
  return { changed: true, ...(program === 'fail' && { failed: true, msg: 'as meant' }) };
}

/** Whether a call alters nothing and so needs no journal. */
const isDone = ({ files }: Pc, { module, args }: ReadyCall): boolean =>
  module.name === 'copy' && files.has((args as { readonly dest: string }).dest);

function workersOf(pcs: Pcs, life: Life): (host: Host) => HostWorker {
  const work = async (pc: Pc, queue: CallQueue): Promise<void> => {
    for (let ready = queue.peek(0); ready; ready = queue.peek(0)) {
      if (!isDone(pc, ready)) await ready.begins?.();
      await life.step();
      const result = carryOut(pc, ready);
      await life.step();
      if (!(await queue.settle(result, { durationMs: 1 }))) return;
    }
  };
  const none = async (): Promise<void> => {};
  return ({ name }) => ({
    work: (queue) => work(pcOf(pcs, name), queue),
    reset: none,
    close: none,
  });
}

/** Who resumes looks at the PC: what was said is not to be said again. */
function answer(pc: Pc, call: JournalKey): 'redo' | 'skip' {
  const line = Number(call.task.split(':').at(-1));
  const text = playbook
    .split('\n')
    .slice(line - 1)
    .join('\n');
  const [, word = ''] = /(?:say|fail) (.*)/.exec(text) ?? [];
  const meant = word.replace('{{ item }}', ['loop-one', 'loop-two'][call.item] ?? '');
  return pc.said.includes(meant) && meant !== 'block' ? 'skip' : 'redo';
}

interface Ended {
  /** The newest run that is known of. */
  readonly run: string | undefined;
  readonly isOver: boolean;
}
let count = 0;

/** One run of a chain, cut off when its controller dies. */
async function run(
  pcs: Pcs,
  life: Life,
  resumed: string | undefined,
  asks: boolean,
): Promise<Ended> {
  const name = `r${String(++count).padStart(8, '0')}`;
  const mine: Database = {
    ...database,
    transaction: (work, durability) =>
      life.lives() ? database.transaction(work, durability) : (undefined as never),
  };
  const options = resumed === undefined ? {} : { resumeRun: resumed };
  saveInvocation(mine, name, { command: 'play', args: [], cwd: '/', options });
  if (!loadInvocation(database, name)) return { run: resumed, isOver: false };
  const kept = openPlayJournal(mine, name, resumed);
  const doubts = new Map<string, JournalKey>();
  const journal: PlayRim['journal'] = {
    recall(key) {
      const found = kept.recall(nameKey(key));
      if (found === 'begun') doubts.set(key.host, key);
      return found;
    },
    async begin(key, repeats) {
      await kept.begin(nameKey(key), repeats);
      await life.step();
    },
    end: (key, result) => kept.end(nameKey(key), result),
  };
  const askInDoubt: PlayRim['askInDoubt'] = async (host) => {
    const call = doubts.get(host);
    return asks && call ? answer(pcOf(pcs, host), call) : 'fail';
  };
  const openWorker = workersOf(pcs, life);
  const playing = playProject(project.folder, { openWorker, rim: { journal, askInDoubt } });
  const first = await Promise.race([life.died, playing]);
  if (first === 'died' || !life.lives()) return { run: name, isOver: false };
  const isOver = !kept.hasDoubts();
  if (isOver) kept.drop();
  return { run: name, isOver };
}

/** Many die early: between being written down and taking over what the one before had done. */
const steps = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 160 }));
const lives = fc.array(fc.record({ steps, asks: fc.boolean() }), { minLength: 1, maxLength: 6 });

it('does no command twice and leaves none out, wherever the controllers of a chain of runs die', {
  timeout: 300_000,
}, async () => {
  const chain = fc.asyncProperty(lives, async (each) => {
    const pcs: Pcs = new Map(hosts.map((name) => [name, { said: [], files: new Set() }]));
    let last: Ended = { run: undefined, isOver: false };
    for (const { steps, asks } of each)
      if (!last.isOver) last = await run(pcs, live(steps), last.run, asks);
    if (!last.isOver) last = await run(pcs, live(Number.POSITIVE_INFINITY), last.run, true);
    expect(last.isOver).toBe(true);
    for (const { said } of pcs.values()) expect(said.toSorted().join(' ')).toBe(words);
  });
  await fc.assert(chain, { numRuns: Number(process.env['LAB_PROPERTY_RUNS'] ?? 40) });
});
