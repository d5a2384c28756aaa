import { defineProfile } from '../../model/profile.ts';
import {
  bootKickstart,
  type KickstartOptions,
  kickstartAnswers,
  kickstartOptions,
} from '../kickstart.ts';

const tree = 'http://dl.rockylinux.org/pub/rocky/9/BaseOS/x86_64/os';

export default defineProfile<KickstartOptions>({
  name: 'rocky-9',
  summary: 'Rocky Linux 9 by Anaconda, with a kickstart file.',
  kind: 'installer',
  family: 'linux',
  firmwares: ['bios', 'uefi-x64'],
  secureBoot: false,
  options: kickstartOptions(tree, '@^minimal-environment'),
  assets: ({ mirror }) =>
    ['vmlinuz', 'initrd.img'].map((name) => ({
      name,
      sources: [
        { from: 'url', url: `${mirror.replace(/\/$/, '')}/images/pxeboot/${name}` },
        { from: 'iso', iso: 'Rocky Linux 9', path: `images/pxeboot/${name}` },
      ],
      sha256: '',
    })),
  boot: bootKickstart,
  answers: (context) => kickstartAnswers(context, 'rocky-9'),
  minutes: 15,
  notes: [
    'Pin the two files first: lab netboot assets add FILE.iso --profile rocky-9, or their SHA-256 of the .treeinfo.',
    'Not run whole: its answers are linted section by section; its requests were played by a client.',
  ],
});
