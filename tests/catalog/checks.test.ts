import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listEntries, loadEntry } from '../../src/cli/catalog.ts';
import type { AnyCheck, LostSession, ProbeOutput } from '../../src/model/check.ts';
import type { Host } from '../../src/model/host.ts';
import { readOptions } from '../../src/model/options.ts';
import type { Judgement } from '../../src/model/plan.ts';
import { makeHost } from '../helpers/make-host.ts';

const program = join(import.meta.dirname, '..', '..', 'src');
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'checks');
const checks: AnyCheck[] = [];
for (const name of await listEntries(program, 'catalog/checks'))
  checks.push(await loadEntry<AnyCheck>(program, 'catalog/checks', name));

/** One case: what a probe printed (or why there was no session, or what a fleet printed) and the verdict it must get. */
interface Case {
  readonly file: string;
  readonly title: string;
  readonly options?: Record<string, never>;
  readonly host?: {
    name?: string;
    mac?: string;
    ip?: string;
    serial?: string;
    uuid?: string;
    gateway?: string;
  };
  readonly lost?: LostSession;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  readonly sentAtMs?: number;
  readonly receivedAtMs?: number;
  readonly fleet?: Record<string, string>;
  readonly expect: Expected | Record<string, Expected>;
}

type Expected = Partial<Judgement>;

function loadCases(check: string): Case[] {
  const folder = join(fixtures, check);
  return readdirSync(folder)
    .sort()
    .map((file) => ({ file, ...parse(readFileSync(join(folder, file), 'utf8')) }));
}

function hostOf({ host = {} }: Case): Host {
  const { gateway, ...own } = host;
  const room = {
    name: 'lab_a',
    title: '',
    kind: '',
    maintainer: '',
    subnet: '',
    vlan: '',
    columns: 0,
    lessons: null,
  };
  const at = { file: 'inventory.yaml', line: 1, column: 1 };
  const more = gateway === undefined ? {} : { room: { ...room, gateway, at } };
  const macs =
    own.mac === undefined ? [] : [{ addr: own.mac, role: 'wired' as const, primary: true }];
  return makeHost(own.name ?? 'a07', { ...own, macs, ...more });
}

function outputOf(
  one: Pick<Case, 'stdout' | 'stderr' | 'exitCode' | 'sentAtMs' | 'receivedAtMs'>,
): ProbeOutput {
  const { stdout = '', stderr = '', exitCode = 0, sentAtMs = 0, receivedAtMs = 0 } = one;
  return { stdout, stderr, exitCode, timedOut: false, sentAtMs, receivedAtMs };
}

function optionsOf(check: AnyCheck, one: Case): unknown {
  const { options, problems } = readOptions(check.options, one.options ?? {});
  expect(problems).toEqual([]);
  return options;
}

function probeOf(check: AnyCheck, one: Case): string {
  return check.probe.linux?.(optionsOf(check, one), hostOf(one)).script ?? '';
}

function judge(check: AnyCheck, one: Case): Judgement {
  const options = optionsOf(check, one);
  return check.judgeSession
    ? check.judgeSession(one.lost, options, hostOf(one))
    : check.judge(outputOf(one), options, hostOf(one));
}

function judgeFleet(check: AnyCheck, one: Case): Map<string, Judgement> {
  const options = optionsOf(check, one);
  const rows = Object.entries(one.fleet ?? {}).map(([name, stdout]) => {
    const host = makeHost(name);
    return { host, judgement: check.judge(outputOf({ stdout }), options, host) };
  });
  const changed = check.compare?.(rows, options) ?? new Map();
  return new Map(
    rows.map(({ host, judgement }) => [host.name, changed.get(host.name) ?? judgement]),
  );
}

/** The verdict and the key must be the same; of the texts, a part is told. */
function expectJudgement(found: Judgement | undefined, expected: Expected): void {
  expect(found?.verdict, JSON.stringify(found)).toBe(expected.verdict);
  for (const name of ['found', 'expected', 'hint'] as const)
    if (expected[name] !== undefined) expect(found?.[name]).toContain(expected[name]);
  if (expected.key !== undefined) expect(found?.key).toBe(expected.key);
}

describe.each(checks)('check $name', (check) => {
  const cases = loadCases(check.name);

  it.each(cases)('$title ($file)', (one) => {
    if (one.fleet === undefined) return expectJudgement(judge(check, one), one.expect as Expected);
    const found = judgeFleet(check, one);
    for (const [name, expected] of Object.entries(one.expect as Record<string, Expected>))
      expectJudgement(found.get(name), expected);
  });

  it('has fixtures for a good state, a fault and an answer that cannot be read', () => {
    const verdicts = cases.map((one) => (one.expect as Expected).verdict);
    expect(verdicts).toContain('pass');
    expect(verdicts).toContain('unknown');
    expect(verdicts.includes('fail') || verdicts.includes('warn')).toBe(true);
  });

  it('says what it is for in one sentence, and so does each of its settings', () => {
    expect(check.summary).toMatch(/^[A-Z].+\.$/);
    for (const option of Object.values<{ summary: string }>(check.options))
      expect(option.summary).not.toBe('');
  });
});

const probing = checks.filter((check) => check.probe.linux);

describe.each(probing)('the probe of $name', (check) => {
  const cases = loadCases(check.name).filter((one) => one.fleet === undefined);
  const scripts = new Set(cases.map((one) => probeOf(check, one)));

  it.each(['dash', 'bash'])('is a script that %s understands', (shell) => {
    expect(scripts.size).toBeGreaterThan(0);
    for (const script of scripts) {
      const { stderr, status } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
      expect({ stderr, status }, script).toEqual({ stderr: '', status: 0 });
    }
  });

  it('runs on this machine, and its answer gets a verdict', () => {
    const byScript = new Map(cases.map((one) => [probeOf(check, one), one]));
    for (const [script, one] of byScript) {
      const sentAtMs = Date.now();
      const env = { ...process.env, LC_ALL: 'C' };
      const answer = spawnSync('sh', ['-c', script], { encoding: 'utf8', env });
      const output = {
        stdout: answer.stdout.trimEnd(),
        stderr: answer.stderr,
        exitCode: answer.status ?? -1,
        timedOut: false,
        sentAtMs,
        receivedAtMs: Date.now(),
      };
      expect(output.exitCode).toBeGreaterThanOrEqual(0);
      const { verdict, found } = check.judge(output, optionsOf(check, one), hostOf(one));
      expect(['pass', 'warn', 'fail', 'unknown', 'skip']).toContain(verdict);
      expect(found).not.toBe('');
    }
  });

  it('never makes a host pass that answers garbage', () => {
    const good = cases.filter((one) => (one.expect as Expected).verdict === 'pass');
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ maxLength: 300 }),
      fc.array(fc.string({ maxLength: 40 }), { maxLength: 8 }).map((lines) => lines.join('\n')),
      fc.constantFrom('', '0', '1', 'end', 'ok', 'yes', '=', 'end\nend', '{}', 'null', '-1', 'NaN'),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...good),
        garbage,
        garbage,
        fc.nat({ max: 255 }),
        (one, stdout, stderr, exitCode) => {
          const times = { sentAtMs: one.sentAtMs ?? 0, receivedAtMs: one.receivedAtMs ?? 0 };
          const { verdict } = check.judge(
            outputOf({ stdout, stderr, exitCode, ...times }),
            optionsOf(check, one),
            hostOf(one),
          );
          return verdict !== 'pass';
        },
      ),
      { numRuns: 500 },
    );
  });
});
