/** `node bench/run.ts`: Labkit beside its peers on the same 64 simulated PCs, and the goals. Needs root; see README.md. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, renderMachine } from './machine.ts';
import { benchEnvironment, openBench } from './open-bench.ts';
import { renderOutcome, renderVerdict } from './render.ts';
import { type Outcome, runRounds } from './rounds.ts';
import type { Bench, Comparison } from './types.ts';

const usage = `usage: node bench/run.ts [--only NAME[,NAME...]] [--rounds N] [--json FILE] [--list]
exit code 0: every goal that was measured is met; 2: one is not met, or could not be measured
`;
const tell = (line: string) => process.stderr.write(`${line}\n`);

async function loadComparisons(only: readonly string[]): Promise<Comparison[]> {
  const folder = join(import.meta.dirname, 'comparisons');
  const names = readdirSync(folder)
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
  for (const name of only)
    if (!names.includes(name))
      throw new Error(`no comparison "${name}"; there are ${names.join(', ')}`);
  const wanted = only.length === 0 ? names : names.filter((name) => only.includes(name));
  const modules = wanted.map((name) => import(join(folder, `${name}.ts`)));
  return (await Promise.all(modules)).map(
    ({ comparison }: { comparison: Comparison }) => comparison,
  );
}

async function compare(
  comparison: Comparison,
  bench: Omit<Bench, 'defer'>,
  rounds: number,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const prepared = await comparison.prepare({ ...bench, defer: (undo) => stack.defer(undo) });
  const { sim, peers } = bench;
  const there = prepared.contenders.filter(({ name, needs = [] }) => {
    const missing = needs.filter((program) => peers.missing.has(program));
    if (missing.length > 0) tell(`MISSING: ${missing.join(', ')}: "${name}" is left out`);
    return missing.length === 0;
  });
  const measured = join(bench.scratch, 'measured');
  mkdirSync(measured, { recursive: true });
  // Awaited here: what was deferred is undone only afterwards.
  return await runRounds(comparison, { ...prepared, contenders: there }, rounds, {
    sim,
    scratch: measured,
    env,
    tell,
  });
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const comparisons = await loadComparisons(values.only.split(',').filter((name) => name !== ''));
  if (values.list) {
    for (const { name, title } of comparisons) console.log(`${name.padEnd(12)}${title}`);
    return 0;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'labkit-bench-'));
  await using stack = new AsyncDisposableStack();
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  // The room ends with this process, however it ends.
  process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
  const env = benchEnvironment(scratch);
  const bench = await openBench(scratch, stack, tell);
  const machine = await describeMachine(bench.lab.path, bench.nodePath);
  console.log(renderMachine(machine));
  const outcomes: Outcome[] = [];
  for (const comparison of comparisons) {
    const outcome = await compare(comparison, bench, Number(values.rounds), env);
    outcomes.push(outcome);
    console.log(renderOutcome(outcome));
    if (values.json !== undefined) writeFileSync(values.json, renderJson(machine, outcomes));
  }
  const verdicts = outcomes.flatMap(({ name, verdicts: own }) =>
    own.map((verdict) => ({ ...verdict, what: `${name}: ${verdict.what}` })),
  );
  console.log(`## Goals\n${verdicts.map(renderVerdict).join('\n')}`);
  return verdicts.every(({ verdict }) => verdict === 'met') ? 0 : 2;
}

function renderJson(machine: object, outcomes: readonly Outcome[]): string {
  const plain = outcomes.map((outcome) => ({
    ...outcome,
    medians: Object.fromEntries(outcome.medians),
    samples: Object.fromEntries(outcome.samples),
    failures: Object.fromEntries(outcome.failures),
  }));
  return `${JSON.stringify({ schema: 'labkit.bench/1', machine, comparisons: plain }, null, 1)}\n`;
}

process.exitCode = await main();
