import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import asyncStatus from '../../../src/catalog/modules/async_status.ts';
import { leaveRunning } from '../../../src/catalog/modules/parts/async-wrapper.ts';
import shell from '../../../src/catalog/modules/shell.ts';
import type { AnyModule, HostModule, ModuleResult } from '../../../src/model/module.ts';
import type { Value } from '../../../src/model/value.ts';
import { openModuleRig } from '../../helpers/run-module.ts';
import {
  openThrowawayRoot,
  rootsMissing,
  type ThrowawayRoot,
} from '../../helpers/throwaway-root.ts';

const missing = rootsMissing();
const inCi = process.env['CI'] === 'true';
if (missing !== '' && !inCi) console.warn(`SKIPPED, not tested: jobs left running (${missing})`);

let root: ThrowawayRoot;
beforeAll(async () => {
  if (missing === '') root = await openThrowawayRoot();
});
afterAll(() => root?.close());

async function run(module: AnyModule, args: Value): Promise<ModuleResult> {
  const rig = openModuleRig(() => root.connect());
  try {
    return await rig.run({ module, args });
  } finally {
    await rig.close();
  }
}

async function start(args: Value, limitSeconds = 60): Promise<string> {
  const started = await run(leaveRunning(shell as AnyModule as HostModule, limitSeconds), args);
  expect(started).toMatchObject({ changed: true, values: { started: 1, finished: 0 } });
  return String(started.values?.['ansible_job_id']);
}

async function finished(jid: string): Promise<ModuleResult> {
  let result: ModuleResult = { changed: false };
  await expect
    .poll(
      async () => {
        result = await run(asyncStatus, { jid });
        return result.values?.['finished'];
      },
      { timeout: 20_000 },
    )
    .toBe(1);
  return result;
}

describe.skipIf(missing !== '' && !inCi)('a job left running', () => {
  it('makes files with the umask of the login, as a command that is waited for does', async () => {
    await finished(await start('echo x >/srv/made'));
    expect(root.run('stat -c %a /srv/made; stat -c %a /root/.ansible_async').output).toBe(
      '644\n700\n',
    );
  });

  it('goes on when its session has ended, and is told with its outputs', async () => {
    const jid = await start({
      cmd: 'read -r line; echo "got $line"; echo "it\'s odd" >&2; until [ -e /srv/go ]; do sleep 0.05; done; exit 3',
      stdin: 'a $(b) c',
    });
    expect(await run(asyncStatus, { jid })).toMatchObject({
      changed: false,
      values: { finished: 0 },
    });
    root.run('touch /srv/go');
    expect(await finished(jid)).toMatchObject({
      failed: true,
      msg: 'non-zero return code',
      values: { rc: 3, stdout: 'got a $(b) c', stderr: "it's odd", started: 1 },
    });
    const left = root.run(`ls /root/.ansible_async/${jid}`).output.split('\n');
    expect(left.filter((name) => /^(script|stdin|steps)/.test(name))).toEqual([]);
  });

  it('is ended when its time is up', async () => {
    const jid = await start('sleep 1000', 1);
    expect(await finished(jid)).toMatchObject({
      failed: true,
      msg: 'async task did not complete within the requested time - 1s',
    });
  });

  it('keeps its files from others', async () => {
    const jid = await start('true');
    await finished(jid);
    const { output } = root.run(`stat -c %a /root/.ansible_async /root/.ansible_async/${jid}`);
    expect(output.trim().split('\n')).toEqual(['700', '700']);
  });
});
