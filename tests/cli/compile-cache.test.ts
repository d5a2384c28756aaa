import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src/cli/compile-cache.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labkit-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Asks in a process of its own, as the cache can be opened only once in each; answers the folder in use, or ''. */
function openIn(env: Readonly<Record<string, string>>): string {
  const code = `import { openCompileCache } from ${JSON.stringify(source)};
    process.stdout.write(openCompileCache(process.env) ?? '');`;
  const options = { env: { PATH: process.env['PATH'] ?? '', ...env }, encoding: 'utf8' } as const;
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], options);
}

describe('the cache of compiled code', () => {
  test('lies in a folder only its owner can enter', () => {
    expect(openIn({ HOME: folder })).toContain(join(folder, '.cache/labkit/compiled'));
    expect(statSync(join(folder, '.cache/labkit')).mode & 0o777).toBe(0o700);
  });
  test('follows XDG_CACHE_HOME, and leaves the home alone then', () => {
    const caches = join(folder, 'caches');
    expect(openIn({ HOME: folder, XDG_CACHE_HOME: caches })).toContain(join(caches, 'labkit'));
    expect(existsSync(join(folder, '.cache'))).toBe(false);
  });
  test('is not used when others could write there: what it holds is run as our code', () => {
    mkdirSync(join(folder, 'labkit'));
    chmodSync(join(folder, 'labkit'), 0o770);
    expect(openIn({ XDG_CACHE_HOME: folder })).toBe('');
  });
  test.skipIf(process.geteuid?.() !== 0)(
    'is not used when the folder is not ours (only root can give one away)',
    () => {
      mkdirSync(join(folder, 'labkit'));
      chownSync(join(folder, 'labkit'), 1, 1);
      expect(openIn({ XDG_CACHE_HOME: folder })).toBe('');
    },
  );
  test('is done without where no folder can be made, or none is named', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(openIn({ XDG_CACHE_HOME: join(folder, 'file') })).toBe('');
    expect(openIn({ XDG_CACHE_HOME: 'relative' })).toBe('');
    expect(openIn({})).toBe('');
  });
});
