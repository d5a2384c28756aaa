import { defineProfile } from '../../model/profile.ts';
import {
  type AutoinstallOptions,
  autoinstallAnswers,
  autoinstallOptions,
  bootAutoinstall,
} from '../autoinstall.ts';

const iso = 'Ubuntu 24.04 Server (live-server-amd64.iso)';

export default defineProfile<AutoinstallOptions>({
  name: 'ubuntu-24.04',
  summary: 'Ubuntu 24.04 by its own installer, with autoinstall.',
  kind: 'installer',
  family: 'linux',
  firmwares: ['bios', 'uefi-x64'],
  secureBoot: false,
  options: autoinstallOptions('http://archive.ubuntu.com/ubuntu'),
  assets: () => [
    { name: 'vmlinuz', sources: [{ from: 'iso', iso, path: 'casper/vmlinuz' }], sha256: '' },
    { name: 'initrd', sources: [{ from: 'iso', iso, path: 'casper/initrd' }], sha256: '' },
    { name: 'ubuntu.iso', sources: [{ from: 'iso', iso, path: '' }], sha256: '' },
  ],
  boot: bootAutoinstall,
  answers: (context) => autoinstallAnswers(context, 'ubuntu-24.04'),
  minutes: 15,
  notes: [
    'Bring the ISO of the server edition: lab netboot assets add FILE.iso --profile ubuntu-24.04.',
    'The PC holds the whole ISO in memory: 4 GB at least.',
    'Not run whole: its answers are checked by cloud-init; its requests were played by a client.',
  ],
});
