import { defineProfile } from '../../model/profile.ts';

export default defineProfile<Record<never, never>>({
  name: 'local',
  summary: 'Boots what is on the local disk; writes nothing.',
  kind: 'local',
  family: 'none',
  firmwares: ['bios', 'uefi-x64', 'uefi-arm64', 'uefi-ia32', 'uefi-arm32'],
  secureBoot: true,
  options: {},
  assets: () => [],
  // An empty kernel: the boot service answers with its fallback to the local disk.
  boot: () => ({ kernel: '', initrds: [], args: [] }),
  minutes: 0,
  notes: [
    'How a PC is sent to its disk depends on its firmware and model; the boot service knows.',
  ],
});
