import { defineProfile } from '../../model/profile.ts';
import {
  bootPreseed,
  type PreseedOptions,
  preseedAnswers,
  preseedOptions,
  requireMirror,
} from '../preseed.ts';

export default defineProfile<PreseedOptions>({
  name: 'uos',
  summary:
    'UOS by its installer of the Debian family, with a preseed as far as its maker documents it.',
  kind: 'installer',
  family: 'linux',
  firmwares: ['bios', 'uefi-x64'],
  secureBoot: false,
  options: preseedOptions(''),
  check: ({ mirror }) => requireMirror(mirror, 'uos'),
  assets: () => [
    {
      name: 'linux',
      sources: [
        { from: 'iso', iso: 'UOS', path: 'install.amd/vmlinuz' },
        { from: 'iso', iso: 'UOS', path: 'live/vmlinuz' },
      ],
      sha256: '',
    },
    {
      name: 'initrd.gz',
      sources: [
        { from: 'iso', iso: 'UOS', path: 'install.amd/initrd.gz' },
        { from: 'iso', iso: 'UOS', path: 'live/initrd.img' },
      ],
      sha256: '',
    },
  ],
  boot: bootPreseed,
  answers: (context) => preseedAnswers(context, 'uos'),
  minutes: 15,
  notes: [
    'Editions differ: those with debian-installer take this preseed; those with the live deepin-installer do not read it.',
    'The site names the mirror of its licence. Never run here: try one PC first (lab reinstall --canary 1).',
  ],
});
