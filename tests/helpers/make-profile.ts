import type { ChosenProfile } from '../../src/model/profile.ts';
import { defineProfile } from '../../src/model/profile.ts';

const plain = defineProfile({
  name: 'debian-12',
  summary: 'Debian 12 from a root archive.',
  kind: 'archive',
  family: 'linux',
  firmwares: ['bios', 'uefi-x64'],
  secureBoot: true,
  options: {},
  assets: () => [],
  boot: () => ({ kernel: 'vmlinuz', initrds: [], args: [] }),
  minutes: 5,
  notes: [],
});

/** A profile as a host would get it. */
export function makeProfile(more: Partial<ChosenProfile> = {}): ChosenProfile {
  return {
    name: 'debian-12',
    profile: plain,
    options: {},
    origin: 'profile: debian-12, inventory.yaml:1:1',
    playbook: '',
    suite: '',
    ...more,
  };
}
