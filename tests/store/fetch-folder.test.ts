import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabError } from '../../src/model/lab-error.ts';
import { openFetchFolder } from '../../src/store/fetch-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-fetch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe('openFetchFolder', () => {
  it('writes FOLDER/<host>/<path>, readable by the owner only, and finds it again', async () => {
    const fetched = openFetchFolder(folder);
    const saved = await fetched.save('a01', '/etc/shadow', pieces('ab', 'c'));
    expect(saved).toEqual({
      path: join(folder, 'a01', 'etc', 'shadow'),
      bytes: 3,
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
    expect(readFileSync(saved.path, 'utf8')).toBe('abc');
    expect(statSync(saved.path).mode & 0o777).toBe(0o600);
    expect(await fetched.find('a01', '/etc/shadow')).toEqual({
      path: saved.path,
      sha256: saved.sha256,
    });
    expect(await fetched.find('a02', '/etc/shadow')).toBeUndefined();
  });

  it('keeps the earlier file when the connection is lost midway', async () => {
    const fetched = openFetchFolder(folder);
    const { path } = await fetched.save('a01', '/log', pieces('whole'));
    const lost = (async function* () {
      yield Buffer.from('ha');
      throw new Error('connection lost');
    })();
    await expect(fetched.save('a01', '/log', lost)).rejects.toThrow();
    expect(readFileSync(path, 'utf8')).toBe('whole');
  });

  it('never writes outside its folder, whatever the names are', async () => {
    const hostile = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('..', '.', '/', '\\', 'a', '', '~', '\u202e'), { maxLength: 8 })
        .map((parts) => parts.join('/')),
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (host, path) => {
        const inner = join(folder, 'inner', 'here');
        try {
          const saved = await openFetchFolder(inner).save(host, path, pieces('x'));
          expect(saved.path.startsWith(`${inner}${sep}`)).toBe(true);
        } catch (error) {
          if (!(error instanceof LabError) && !(error instanceof TypeError)) throw error;
        }
        expect(existsSync(join(folder, 'inner'))).toBe(existsSync(inner));
      }),
      { numRuns: 300 },
    );
  });
});
