import { defineProfile } from '../../model/profile.ts';
import {
  bootPreseed,
  type PreseedOptions,
  preseedAnswers,
  preseedOptions,
  requireMirror,
} from '../preseed.ts';

export default defineProfile<PreseedOptions>({
  name: 'kylin',
  summary:
    'Kylin by its installer of the Debian family, with a preseed as far as its maker documents it.',
  kind: 'installer',
  family: 'linux',
  firmwares: ['bios', 'uefi-x64'],
  secureBoot: false,
  options: preseedOptions(''),
  check: ({ mirror }) => requireMirror(mirror, 'kylin'),
  assets: () => [
    {
      name: 'linux',
      sources: [
        { from: 'iso', iso: 'Kylin', path: 'casper/vmlinuz' },
        { from: 'iso', iso: 'Kylin', path: 'install.amd/vmlinuz' },
      ],
      sha256: '',
    },
    {
      name: 'initrd.gz',
      sources: [
        { from: 'iso', iso: 'Kylin', path: 'casper/initrd.lz' },
        { from: 'iso', iso: 'Kylin', path: 'casper/initrd' },
        { from: 'iso', iso: 'Kylin', path: 'install.amd/initrd.gz' },
      ],
      sha256: '',
    },
  ],
  boot: bootPreseed,
  answers: (context) => preseedAnswers(context, 'kylin'),
  minutes: 15,
  notes: [
    'Server editions of the Red Hat family want openeuler-24.03 with their own tree instead.',
    'Desktop editions start a live system that reads the preseed only with automatic-ubiquity (option kernelArgs). Never run here.',
  ],
});
