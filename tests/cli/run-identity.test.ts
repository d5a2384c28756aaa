import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { nameActor } from '../../src/cli/run-identity.ts';

const program = new URL('../../src/cli/run-identity.ts', import.meta.url).href;

it('names the person who called sudo', () => {
  expect(nameActor({ env: { SUDO_USER: 'zhang' } })).toBe(`zhang@${hostname()}`);
});

it.skipIf(process.getuid?.() !== 0)('names an account without a name by its number', () => {
  const script = `import { nameActor } from '${program}'; console.log(nameActor({ env: {} }))`;
  const args = ['--input-type=module', '-e', script];
  const ran = spawnSync(process.execPath, args, { uid: 54_321, cwd: '/', encoding: 'utf8' });
  expect(ran.stdout, ran.stderr).toBe(`uid-54321@${hostname()}\n`);
});
