import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { AnyModule, ModuleResult } from '../../src/model/module.ts';
import { isMapping, type Value } from '../../src/model/value.ts';
import { type ModuleCall, openModuleRig, readArgs } from '../helpers/run-module.ts';
import { openThrowawayRoot, rootsMissing, type ThrowawayRoot } from '../helpers/throwaway-root.ts';

const source = join(import.meta.dirname, '../../src/catalog/modules');
const fixtures = join(import.meta.dirname, '../fixtures/modules');
const missing = rootsMissing();
const inCi = process.env['CI'] === 'true';
if (missing !== '' && !inCi)
  console.warn(`SKIPPED, not tested: modules on a real system (${missing})`);

/** One file below tests/fixtures/modules/NAME: what is there before, the arguments, and what must be so afterwards. */
interface Fixture {
  readonly title: string;
  /** sh script run as root first. */
  readonly before?: string;
  readonly args?: Value;
  readonly files?: { readonly [name: string]: string };
  readonly vars?: { readonly [name: string]: Value };
  readonly environment?: { readonly [name: string]: string };
  readonly become_user?: string;
  /** Part of what check mode reports; the tree must stay as it is. */
  readonly check_mode?: { readonly [key: string]: Value };
  /** Part of the result. */
  readonly result: { readonly [key: string]: Value };
  /** sh script that must exit 0 afterwards. */
  readonly then?: string;
  /** Part of the second run's result; false: there is no second run. Default: it changes nothing. */
  readonly again?: false | { readonly [key: string]: Value };
}

/** A file that cannot be loaded fails by its own test, not by taking all others with it. */
async function loadModule(file: string): Promise<AnyModule | Error> {
  try {
    return ((await import(join(source, file))) as { default: AnyModule }).default;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const loaded = await Promise.all(
  readdirSync(source)
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map(async (file) => ({ file, module: await loadModule(file) })),
);
const modules = loaded.flatMap(({ file, module }) =>
  module instanceof Error ? [] : [{ file, module }],
);

function fixturesOf(name: string): { file: string; fixture: Fixture }[] {
  const folder = join(fixtures, name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      // 1.1 as PyYAML: an unquoted 0644 is octal
      return { file, fixture: parse(text, { version: '1.1', merge: true }) as Fixture };
    });
}

/** A result as Ansible shows it: return values beside changed, failed and msg. */
function shown({ values, facts, ...rest }: ModuleResult): { [key: string]: unknown } {
  return {
    failed: false,
    skipped: false,
    ...values,
    ...rest,
    ...(facts && { ansible_facts: facts }),
  };
}

/** Whether `wanted` is part of `found`; a text between slashes is a regular expression. */
function expectPart(found: unknown, wanted: Value, where: string): void {
  if (isMapping(wanted)) {
    for (const [key, value] of Object.entries(wanted))
      expectPart(
        (found as { [key: string]: unknown } | undefined)?.[key],
        value,
        `${where}.${key}`,
      );
    return;
  }
  if (typeof wanted === 'string' && /^\/.*\/s?$/s.test(wanted)) {
    const [, pattern = '', flags] = /^\/(.*)\/(s?)$/s.exec(wanted) ?? [];
    expect(typeof found === 'string' ? found : JSON.stringify(found), where).toMatch(
      new RegExp(pattern, flags),
    );
    return;
  }
  if (Array.isArray(wanted) && Array.isArray(found)) {
    expect(found.length, `${where}: ${JSON.stringify(found)}`).toBe(wanted.length);
    for (const [index, item] of wanted.entries())
      expectPart(found[index], item, `${where}[${index}]`);
    return;
  }
  expect(found, where).toEqual(wanted);
}

async function runFixture(module: AnyModule, fixture: Fixture): Promise<void> {
  const root = await openThrowawayRoot();
  try {
    must(root, fixture.before, 'before');
    const { args = {}, files, vars, environment, become_user: becomeUser } = fixture;
    const call: ModuleCall = {
      module,
      args,
      ...(files && { files }),
      ...(vars && { vars }),
      ...(environment && { environment }),
      ...(becomeUser !== undefined && { becomeUser }),
    };
    if (fixture.check_mode) {
      const before = root.tree();
      const result = await runOnce(root, call, true);
      expectPart(shown(result), fixture.check_mode, 'check_mode');
      expect(root.tree(), 'the tree after check mode').toBe(before);
    }
    expectPart(shown(await runOnce(root, call, false)), fixture.result, 'result');
    must(root, fixture.then, 'then');
    const { again = { changed: false } } = fixture;
    if (again !== false) expectPart(shown(await runOnce(root, call, false)), again, 'again');
  } finally {
    await root.close();
  }
}

async function runOnce(root: ThrowawayRoot, call: ModuleCall, checkMode: boolean) {
  const rig = openModuleRig(() => root.connect(), { checkMode });
  try {
    return await rig.run(call);
  } finally {
    await rig.close();
  }
}

function must(root: ThrowawayRoot, script: string | undefined, which: string): void {
  if (script === undefined) return;
  const { exitCode, output } = root.run(script);
  expect(exitCode, `${which}: ${output}`).toBe(0);
}

function decideFixture(module: Extract<AnyModule, { decide: unknown }>, fixture: Fixture): void {
  const { args = {}, vars = {} } = fixture;
  const read = readArgs(module, args);
  const extra = isMapping(args)
    ? Object.fromEntries(Object.entries(args).filter(([name]) => !Object.hasOwn(module.args, name)))
    : {};
  const result = module.decide(read, {
    host: 'pc',
    checkMode: false,
    diffMode: false,
    user: 'root',
    sources: {},
    renderFile: ({ text }) => text,
    predicted: () => undefined,
    predictsAny: () => false,
    variable: (name) => vars[name],
    nonce: 'n',
    nowMs: Date.now,
    environment: {},
    extra,
    judge: (condition) => condition === true,
    parseVars: ({ text }) => parse(text, { version: '1.1' }) as { [name: string]: Value },
  });
  expectPart(shown(result), fixture.result, 'result');
}

describe('the folder of modules', () => {
  it('can be loaded, every file of it', () => {
    expect(
      loaded.flatMap(({ module }) => (module instanceof Error ? [module.message] : [])),
    ).toEqual([]);
    expect(modules.length).toBeGreaterThan(0);
  });
});

describe.each(modules)('modules/$file', ({ file, module }) => {
  it('is named as its file, and says in one sentence what it does', () => {
    expect(module.name).toBe(basename(file, '.ts'));
    expect(module.summary).toMatch(/^[A-Z].*\.$/s);
  });

  const all = fixturesOf(module.name);
  it('has a fixture', () => {
    expect(all.length).toBeGreaterThan(0);
  });

  for (const { file: name, fixture } of all) {
    if ('decide' in module) it(`${fixture.title} (${name})`, () => decideFixture(module, fixture));
    else
      it.skipIf(missing !== '' && !inCi)(`${fixture.title} (${name})`, () =>
        runFixture(module, fixture),
      );
  }
});
