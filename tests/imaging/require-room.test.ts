import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { requireRoom } from '../../src/imaging/require-room.ts';

it('refuses what no disk has room for, with both figures', async () => {
  await requireRoom(tmpdir(), 1, 'a test');
  await expect(requireRoom(tmpdir(), 1e18, 'a test')).rejects.toThrow(
    /has [\d.]+ GB free; a test takes about 1000000000\.0 GB$/,
  );
});
