import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnyModule, ModuleResult } from '../../../src/model/module.ts';
import type { Value } from '../../../src/model/value.ts';
import { openModuleRig } from '../../helpers/run-module.ts';
import {
  describeInRoots,
  openThrowawayRoot,
  type ThrowawayRoot,
} from '../../helpers/throwaway-root.ts';

let root: ThrowawayRoot;

/** Runs tasks one after another in check mode on one host, and nothing of them is done. */
async function foresee(...tasks: readonly (readonly [string, Value])[]): Promise<ModuleResult[]> {
  const calls = await Promise.all(
    tasks.map(async ([name, args]) => {
      const file = `../../../src/catalog/modules/${name}.ts`;
      const { default: module } = (await import(file)) as { default: AnyModule };
      return { module, args };
    }),
  );
  const rig = openModuleRig(() => root.connect(), { checkMode: true });
  try {
    return await rig.runAll(calls);
  } finally {
    await rig.close();
  }
}

const changes = (results: readonly ModuleResult[]) => results.map(({ changed }) => changed);

describeInRoots('a first dry run', () => {
  beforeAll(async () => {
    root = await openThrowawayRoot();
  });
  afterAll(() => root?.close());

  it('takes a package for installed that an earlier task would install', async () => {
    const chalk = { name: 'labkit-chalk' };
    expect(
      changes(
        await foresee(['apt', chalk], ['apt', chalk], ['package', { ...chalk, state: 'present' }]),
      ),
    ).toEqual([true, false, false]);
  });

  it('takes it for gone again after a task that would remove it', async () => {
    const gone = { name: 'labkit-chalk', state: 'absent' };
    const results = await foresee(['apt', { name: 'labkit-chalk' }], ['apt', gone], ['apt', gone]);
    expect(changes(results)).toEqual([true, true, false]);
  });

  it('does not miss a file that a package or an archive may bring, and says so', async () => {
    const edits = [
      ['lineinfile', { path: '/opt/tool-1.0/tool.conf', line: 'x' }],
      ['replace', { path: '/opt/tool-1.0/tool.conf', regexp: 'a', replace: 'b' }],
      ['file', { src: '/opt/tool-1.0/bin/tool', dest: '/usr/local/bin/tool', state: 'link' }],
      ['copy', { src: '/opt/tool-1.0/tool.conf', dest: '/etc/tool.conf', remote_src: true }],
    ] as const;
    const archive = { src: '/srv/tool.tar', dest: '/opt', remote_src: true };
    for (const first of [
      [['apt', { name: 'labkit-chalk' }]] as const,
      [
        ['copy', { content: 'an archive', dest: '/srv/tool.tar' }],
        ['unarchive', archive],
      ] as const,
    ]) {
      const results = await foresee(...first, ...edits);
      expect(results.map(({ failed, msg }) => (failed ? msg : 'fine'))).toEqual(
        results.map(() => 'fine'),
      );
      expect(changes(results)).toEqual(results.map(() => true));
      expect(results[first.length]?.warnings).toEqual([
        '/opt/tool-1.0/tool.conf is not there yet; what is installed or unpacked before may bring it',
      ]);
    }
    const elsewhere = await foresee(
      ['copy', { content: 'an archive', dest: '/srv/tool.tar' }],
      ['unarchive', archive],
      ['lineinfile', { path: '/etc/nothing', line: 'x' }],
    );
    expect(elsewhere[2]).toMatchObject({ failed: true });
  });

  it.each([
    ['apt_repository', { repo: 'deb http://new.example.org/debian stable main' }],
    ['deb822_repository', { name: 'new', uris: 'http://new.example.org/debian', suites: 'stable' }],
  ] as const)('does not miss a package that a source of %s may bring', async (name, args) => {
    const slate = { name: 'slate', update_cache: true };
    const [, known] = await foresee([name, args], ['apt', slate]);
    expect(known).toMatchObject({ changed: true });
    expect(known?.failed).not.toBe(true);
    expect((await foresee(['apt', slate]))[0]).toMatchObject({ failed: true });
  });

  it('does not miss a program that a package may bring', async () => {
    const chalk = ['apt', { name: 'labkit-chalk' }] as const;
    const editor = { name: 'board', link: '/usr/bin/board', path: '/usr/bin/labkit-chalk' };
    expect(changes(await foresee(chalk, ['alternatives', editor]))).toEqual([true, true]);
    expect(changes(await foresee(chalk, ['locale_gen', { name: 'de_DE.UTF-8' }]))).toEqual([
      true,
      true,
    ]);
    expect(changes(await foresee(chalk, ['snap', { name: 'code' }]))).toEqual([true, true]);
    const [alone] = await foresee(['alternatives', editor]);
    expect(alone).toMatchObject({ failed: true });
  });
});
