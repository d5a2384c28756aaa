import { defineProfile } from '../../model/profile.ts';
import { bootPreseed, type PreseedOptions, preseedAnswers, preseedOptions } from '../preseed.ts';

export default defineProfile<PreseedOptions>({
  name: 'debian-13-installer',
  summary: 'Debian 13 by its own installer from a mirror, with a preseed.',
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
          package: 'debian-installer-13-netboot-amd64',
          path: '/usr/lib/debian-installer/images/13/amd64/text/debian-installer/amd64/linux',
        },
        {
          from: 'url',
          url: 'http://deb.debian.org/debian/dists/trixie/main/installer-amd64/current/images/netboot/debian-installer/amd64/linux',
        },
      ],
      sha256: '',
    },
    {
      name: 'initrd.gz',
      sources: [
        {
          from: 'package',
          package: 'debian-installer-13-netboot-amd64',
          path: '/usr/lib/debian-installer/images/13/amd64/text/debian-installer/amd64/initrd.gz',
        },
        {
          from: 'url',
          url: 'http://deb.debian.org/debian/dists/trixie/main/installer-amd64/current/images/netboot/debian-installer/amd64/initrd.gz',
        },
      ],
      sha256: '',
    },
  ],
  boot: bootPreseed,
  answers: (context) => preseedAnswers(context, 'debian-13-installer'),
  minutes: 15,
  notes: [
    'The package is in Debian 13 only; elsewhere pin the files of a mirror by the SHA-256 of its signed SHA256SUMS.',
    'Not run: its answers are checked by debconf-set-selections alone.',
  ],
});
