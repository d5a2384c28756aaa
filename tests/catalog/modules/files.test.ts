import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import blockinfile from '../../../src/catalog/modules/blockinfile.ts';
import copy from '../../../src/catalog/modules/copy.ts';
import fetch from '../../../src/catalog/modules/fetch.ts';
import file from '../../../src/catalog/modules/file.ts';
import getUrl from '../../../src/catalog/modules/get_url.ts';
import lineinfile from '../../../src/catalog/modules/lineinfile.ts';
import stat from '../../../src/catalog/modules/stat.ts';
import unarchive from '../../../src/catalog/modules/unarchive.ts';
import type { Hands, PathState, Planned } from '../../../src/model/module.ts';
import { followPlan, hostOf, moduleCall, ranAs } from '../../helpers/follow-plan.ts';
import { openModuleRig, readArgs } from '../../helpers/run-module.ts';
import {
  openThrowawayRoot,
  rootsMissing,
  type ThrowawayRoot,
} from '../../helpers/throwaway-root.ts';

const missing = rootsMissing();
const inCi = process.env['CI'] === 'true';
if (missing !== '' && !inCi)
  console.warn(`SKIPPED, not tested: files on a real system (${missing})`);

describe.skipIf(missing !== '' && !inCi)('files on a real system', () => {
  const open: ThrowawayRoot[] = [];
  afterEach(async () => {
    for (const root of open.splice(0)) await root.close();
  });
  const openRoot = async () => {
    const root = await openThrowawayRoot();
    open.push(root);
    return root;
  };

  it('are previewed as if earlier tasks had been done', async () => {
    const root = await openRoot();
    const before = root.tree();
    const rig = openModuleRig(() => root.connect(), { checkMode: true });
    const results = await rig.runAll([
      { module: file, args: { path: '/srv/a/b', state: 'directory', mode: '0750' } },
      { module: copy, args: { dest: '/srv/a/b/conf', content: 'one\n' } },
      { module: lineinfile, args: { path: '/srv/a/b/conf', line: 'two' } },
      { module: lineinfile, args: { path: '/srv/a/b/conf', line: 'one' } },
      { module: blockinfile, args: { path: '/srv/a/b/conf', block: 'three' } },
      { module: file, args: { path: '/srv/link', src: '/srv/a/b/conf', state: 'link' } },
      { module: stat, args: { path: '/srv/a/b/conf' } },
      { module: file, args: { path: '/srv/a/b/conf', state: 'absent' } },
      { module: file, args: { path: '/srv/a/b/conf', state: 'absent' } },
    ]);
    await rig.close();
    expect(results.map(({ failed, msg }) => (failed ? msg : 'fine'))).toEqual(
      Array(9).fill('fine'),
    );
    expect(results.map(({ changed }) => changed)).toEqual([
      ...[true, true, true, false, true, true, false, true, false],
    ]);
    expect(results[6]?.values).toMatchObject({ stat: { exists: true, isreg: true, mode: '0644' } });
    expect(root.tree()).toBe(before);
  });

  it('are unpacked from an archive of the controller, once', async () => {
    const root = await openRoot();
    const folder = mkdtempSync(join(tmpdir(), 'labkit-unarchive-'));
    writeFileSync(join(folder, 'a'), 'text');
    execFileSync('tar', ['-C', folder, '-czf', join(folder, 'x.tgz'), 'a']);
    const files = { 'x.tgz': readFileSync(join(folder, 'x.tgz')) };
    rmSync(folder, { recursive: true });
    const rig = openModuleRig(() => root.connect());
    const call = {
      module: unarchive,
      args: { src: 'x.tgz', dest: '/srv', owner: 'daemon' },
      files,
    };
    const [first, second] = await rig.runAll([call, call]);
    await rig.close();
    expect(first).toMatchObject({ changed: true, values: { handler: 'TgzArchive' } });
    expect(second).toMatchObject({ changed: false });
    expect(root.run('cat /srv/a; stat -c %U /srv/a; ls -A /srv | grep labkit').output).toBe(
      'textdaemon\n',
    );
  });
});

describe('fetch', () => {
  const bytes = Buffer.from('text');
  const sha1 = createHash('sha1').update(bytes).digest('hex');

  function handsOf(state: Partial<PathState>, saved: string[], here?: string): Hands {
    const none = () => Promise.reject(new Error('not meant to be used'));
    return {
      follow: async (planned: Planned) => {
        const end = followPlan(planned, hostOf({ '/etc/motd': state }));
        if (end.kind === 'act') throw new Error('fetch alters nothing');
        return end.result;
      },
      async *read() {
        yield bytes;
      },
      async save(path, content) {
        for await (const _ of content) saved.push(path);
        return { sha1, size: bytes.length };
      },
      sha1Here: async () => here,
      run: none,
      disconnect: none,
      reach: none,
      sleep: none,
      prompt: none,
    };
  }

  const there = { kind: 'file' as const, checksum: sha1, size: 4 };
  const perform = (args: object, hands: Hands) =>
    'perform' in fetch
      ? fetch.perform(
          readArgs(fetch, { src: '/etc/motd', ...args }) as never,
          moduleCall({ variable: () => '/play' }),
          hands,
        )
      : undefined;

  it('puts a file below a folder for the host, beside the playbook', async () => {
    const saved: string[] = [];
    const result = await perform({ dest: 'logs' }, handsOf(there, saved));
    expect(saved).toEqual(['/play/logs/pc/etc/motd']);
    expect(result).toMatchObject({ changed: true, values: { checksum: sha1, dest: saved[0] } });
  });

  it('keeps the name alone when flat', async () => {
    const saved: string[] = [];
    await perform({ dest: '/tmp/logs/', flat: true }, handsOf(there, saved));
    await perform({ dest: '/tmp/../one', flat: true }, handsOf(there, saved));
    expect(saved).toEqual(['/tmp/logs/motd', '/one']);
  });

  it('brings nothing that is here already', async () => {
    const saved: string[] = [];
    const result = await perform({ dest: 'logs' }, handsOf(there, saved, sha1));
    expect(result).toMatchObject({ changed: false, values: { file: '/etc/motd', checksum: sha1 } });
    expect(saved).toEqual([]);
  });

  it('does not believe what changed on the way', async () => {
    const result = await perform({ dest: 'logs' }, handsOf({ ...there, checksum: 'other' }, []));
    expect(result).toMatchObject({ failed: true, msg: 'checksum mismatch' });
  });
});

describe('get_url', () => {
  it('shows no password, and passes it by no program', () => {
    const args = readArgs(getUrl, {
      url: 'https://joe:in-url@host/x',
      dest: '/srv/x',
      url_username: 'joe',
      url_password: 'hunter2',
      headers: { Authorization: 'Bearer t0ken' },
    });
    if (!('inspect' in getUrl)) throw new Error('get_url is a module of hosts');
    const act = followPlan(
      getUrl.inspect(args as never, moduleCall()),
      hostOf({ '/srv': { kind: 'directory' } }),
    );
    const [action] = act.kind === 'act' ? act.actions : [];
    if (action?.kind !== 'script') throw new Error('a script was expected');
    const { script, shown } = action.command;
    for (const secret of ['hunter2', 't0ken', 'in-url']) {
      expect(script).toContain(secret);
      expect(shown).not.toContain(secret);
    }
    // the configuration goes into curl's standard input by a builtin of the shell
    expect(script).toContain(`printf '%s' "$lab_curl" | curl -q -sS -K -`);
    expect(
      script.split('\n').filter((line) => /\b(curl|wget) .*(hunter2|t0ken)/.test(line)),
    ).toEqual([]);
  });
});

describe('copy', () => {
  const inspect = (args: object, paths: Parameters<typeof hostOf>[0], checkMode = false) => {
    if (!('inspect' in copy)) throw new Error('copy is a module of hosts');
    const call = moduleCall({ checkMode });
    return followPlan(copy.inspect(readArgs(copy, args as never) as never, call), hostOf(paths));
  };

  it('leaves a file alone that is as wished, without a script', () => {
    const checksum = createHash('sha1').update('x').digest('hex');
    const there = { kind: 'file' as const, mode: 0o644, owner: 'root', group: 'root', checksum };
    const folder = { '/srv': { kind: 'directory' as const } };
    const end = inspect(
      { dest: '/srv/x', content: 'x', mode: '0644', owner: 'root' },
      { ...folder, '/srv/x': there },
    );
    expect(end).toMatchObject({ kind: 'done', result: { changed: false } });
  });

  it('uploads, then gives owner and bits and moves, in one step', () => {
    const end = inspect(
      { dest: '/srv/x', content: 'x', mode: '0600' },
      { '/srv': { kind: 'directory' } },
    );
    if (end.kind !== 'act') throw new Error('something was to be done');
    expect(end.actions.map(({ kind }) => kind)).toEqual(['upload', 'script']);
    const full = ranAs({ exitCode: 1, stderr: 'sh: 1: cannot create x: No space left on device' });
    expect(end.read([full])).toMatchObject({
      result: {
        failed: true,
        msg: expect.stringMatching(/could not write \/srv\/x: .*No space left/),
      },
    });
  });
});
