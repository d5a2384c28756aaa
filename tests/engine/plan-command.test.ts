import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { becomeOf, type CommandOptions, planCommand } from '../../src/engine/plan-command.ts';
import { planScript } from '../../src/engine/plan-script.ts';
import { runPlan } from '../../src/engine/run-plan.ts';
import type { Plan } from '../../src/model/plan.ts';
import { scriptedConnect } from '../helpers/fake-connections.ts';
import { makeLocalHost, openLocalRig, someHolder } from '../helpers/local-rig.ts';
import { makeHost } from '../helpers/make-host.ts';
import { eventsOf, recordEvents } from '../helpers/record-events.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labkit-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

async function run(plan: Plan, connect = openLocalRig(folder).connect) {
  const { emit, events } = recordEvents();
  const now = () => performance.now();
  const totals = await runPlan(plan, { connect, emit, now, signal: never, stop: never });
  const [finished] = eventsOf(events, 'step.finished');
  const live = eventsOf(events, 'step.output');
  return { totals, events, finished, data: finished?.data ?? {}, live };
}

function plan(script: string, more: Partial<CommandOptions> = {}): Plan {
  const command = { shell: 'sh', script, shown: script } as const;
  return planCommand({ hosts: [makeLocalHost()], forks: 4, holder: someHolder, command, ...more });
}

describe('planCommand', () => {
  it('keeps exit code and both outputs, holding the lock of the host', async () => {
    const { finished, totals } = await run(plan('echo out; echo err >&2; exit 3'));
    expect(finished).toMatchObject({
      outcome: 'failed',
      message: 'exit code 3',
      data: { exitCode: 3, stdout: 'out\n', stderr: 'err\n', droppedBytes: 0, targetLock: 'held' },
    });
    expect(totals.totals).toEqual({ failed: 1 });
  });

  it('is ok when the command is, without having changed anything we know of', async () => {
    expect((await run(plan('true'))).finished).toMatchObject({ outcome: 'ok', changes: [] });
  });

  it('acts on hosts, so that they are locked', () => {
    expect(plan('true').acts).toBe(true);
  });

  it('passes standard input on', async () => {
    const { data } = await run(plan('cat', { stdin: Buffer.from('王芳\n') }));
    expect(data['stdout']).toBe('王芳\n');
  });

  it('survives a command that talks about locks, quotes and ends badly', async () => {
    const script = `printf '%s\\n' "labkit-lock-c0ffe busy me" >&2; echo "it's"; kill -9 $$`;
    const { data, finished } = await run(plan(script));
    expect(finished?.outcome).toBe('failed');
    expect(data).toMatchObject({ stdout: "it's\n", stderr: 'labkit-lock-c0ffe busy me\n' });
  });

  it('refuses a host that another controller works on, and says who it is', async () => {
    const { connect } = openLocalRig(folder);
    const slow = run(plan('echo begun; sleep 1'), connect);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const other = { ...someHolder, run: '20260901-085900-x1y' };
    const second = await run(plan('echo ran', { holder: other }), connect);
    await slow;
    expect(second.finished).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('locked by Li Lei <lilei@office> (since 2026-09-01'),
    });
    expect([...second.totals.hosts.values()]).toMatchObject([{ refused: true, outcome: 'failed' }]);
  });

  it('shows output while it comes, whole characters and lines only', async () => {
    const pieces = [...Buffer.from('第一行\n第二').values()].map((byte) => Buffer.from([byte]));
    const { connect } = scriptedConnect((_host, _command, { onOutput }) => {
      for (const piece of pieces) onOutput?.('stdout', piece);
      return {};
    });
    const { live } = await run(plan('x'), connect);
    expect(live.map(({ stream, text }) => [stream, text])).toEqual([
      ['stdout', '第一行\n'],
      ['stdout', '第二'],
    ]);
  });

  it('reads what is not UTF-8 as GB18030, also while it comes', async () => {
    const { connect } = scriptedConnect(() => ({ stdout: Buffer.from('b2e2cad40a', 'hex') }));
    const { data, live } = await run(plan('x'), connect);
    expect([data['stdout'], live[0]?.text]).toEqual(['测试\n', '测试\n']);
  });

  it('keeps a bounded part of a flood, and says how much there was besides', async () => {
    const { data, live } = await run(
      plan('yes 王王王 | head -c 3000000', { maxOutputBytes: 100_000 }),
    );
    expect(Buffer.byteLength(String(data['stdout']))).toBeLessThanOrEqual(100_000);
    expect(data['stdout']).toMatch(/^(王王王\n)+王{0,3}$/);
    expect(data['droppedBytes']).toBe(2_900_000);
    const shown = live.map(({ text }) => text).join('');
    expect(shown.length).toBeLessThan(66_000);
    expect(shown).toContain('… more output is not shown while it runs');
  });

  it('ends a command at the deadline of its host', async () => {
    const { finished, totals } = await run(plan('sleep 60', { deadlineMs: 200 }));
    expect(finished).toMatchObject({ outcome: 'unreachable', reason: 'deadline' });
    expect(totals.totals).toEqual({ unreachable: 1 });
  });

  it('becomes the user who is asked for, else the one the inventory names', () => {
    const plain = makeHost('a');
    const become = { ...plain, connection: { ...plain.connection, become: true } };
    const other = { ...become, connection: { ...become.connection, becomeUser: 'lab' } };
    expect([plain, become, other].map((host) => becomeOf(host, undefined))).toEqual([
      {},
      { becomeUser: 'root' },
      { becomeUser: 'lab' },
    ]);
    expect(becomeOf(plain, 'postgres')).toEqual({ becomeUser: 'postgres' });
  });
});

describe('planScript', () => {
  const script = (text: string, args: readonly string[] = []) =>
    planScript({
      hosts: [makeLocalHost()],
      forks: 1,
      holder: someHolder,
      shell: 'sh',
      name: 'tidy.sh',
      content: Buffer.from(text),
      args,
    });

  it('hands arguments over untouched', async () => {
    const odd = ['a b', "it's", '$(reboot)', '', '-n', '王'];
    const { data } = await run(script('for word; do printf "<%s>" "$word"; done', odd));
    expect(data['stdout']).toBe("<a b><it's><$(reboot)><><-n><王>");
  });

  it("uses the interpreter of its first line with that line's argument", async () => {
    const { data } = await run(
      script('#!/usr/bin/env -S python3 -u\nimport sys; print(sys.argv[1:], sys.stdin.read())', [
        'x',
      ]),
    );
    expect(data).toMatchObject({ stdout: "['x'] \n", exitCode: 0 });
  });

  it('takes a script that a Windows editor saved', async () => {
    const { data } = await run(script('\ufeff#!/bin/sh\r\nif true; then\r\n  echo yes\r\nfi\r\n'));
    expect(data).toMatchObject({ stdout: 'yes\n', stderr: '', exitCode: 0 });
  });

  it('leaves no file behind, and gives the exit code of the script', async () => {
    const { data } = await run(script('echo "$0"; exit 4'));
    expect(data['exitCode']).toBe(4);
    const gone = await run(plan(`ls ${String(data['stdout']).trim()}`));
    expect(gone.data['exitCode']).not.toBe(0);
  });
});
