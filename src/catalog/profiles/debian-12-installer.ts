import { defineProfile } from '../../model/profile.ts';
import { bootPreseed, type PreseedOptions, preseedAnswers, preseedOptions } from '../preseed.ts';

export default defineProfile<PreseedOptions>({
  name: 'debian-12-installer',
  summary: 'Debian 12 by its own installer from a mirror, with a preseed.',
  kind: 'installer',
  family: 'linux',
  firmwares: ['bios', 'uefi-x64'],
  secureBoot: false,
  options: preseedOptions('http://deb.debian.org/debian'),

  assets: () => [
    {
      name: 'linux',
      sources: [
        {
          from: 'package',
          package: 'debian-installer-12-netboot-amd64',
          path: '/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64/linux',
        },
      ],
      sha256: '',
    },
    {
      name: 'initrd.gz',
      sources: [
        {
          from: 'package',
          package: 'debian-installer-12-netboot-amd64',
          path: '/usr/lib/debian-installer/images/12/amd64/text/debian-installer/amd64/initrd.gz',
        },
      ],
      sha256: '',
    },
  ],
  boot: bootPreseed,
  answers: (context) => preseedAnswers(context, 'debian-12-installer'),
  minutes: 15,
  notes: [
    'The installer comes from the Debian package debian-installer-12-netboot-amd64: apt verifies it.',
    'A PC reports writing before its first write and installed with its host key at the end.',
    'Run in a virtual PC from power on to its leave for the first write; a whole run needs a mirror with all parts of the installer.',
  ],
});
