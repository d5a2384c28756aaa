import { join } from 'node:path';
import { describe, it } from 'vitest';
import { resolveInventory } from '../../src/inventory/resolve.ts';
import { selectHosts } from '../../src/inventory/select.ts';
import { hasTool, selectWithAnsible } from './ansible-tools.ts';
import { corpus, loadRaw } from './load-raw.ts';

/** Patterns that mean the same to Ansible and to Labkit, in the inventory yaml-deep. */
const patterns = [
  'all',
  'room101',
  'north:!room102',
  'north:&zz_shallow',
  'room101,room201',
  '!north',
  'pc1,pc4,!pc1',
  'floor*',
  'pc?',
  '~room10[12]',
  '~pc[24]$',
  'room101[0]',
  'room101[0:1]',
  'zz_shallow[-1]',
  'room101[1:]',
  'diamond_top:&north:!pc3',
  'room20*,pc9',
  'late:deepest',
  '&room101:!pc2:all',
  '*1:!pc9',
];

describe.skipIf(!hasTool('ansible')).concurrent('beside ansible --list-hosts', () => {
  it.for(patterns)(
    '%s chooses the same hosts',
    { timeout: 120_000 },
    async (pattern, { expect }) => {
      const path = join(corpus, 'yaml-deep', 'hosts.yaml');
      const [{ raw }, theirs] = await Promise.all([
        loadRaw([path]),
        selectWithAnsible(path, pattern),
      ]);
      const ours = selectHosts(resolveInventory(raw).inventory, pattern);
      expect(theirs.length).toBeGreaterThan(0);
      expect(ours.map(({ name }) => name).sort()).toEqual(theirs.sort());
    },
  );
});
