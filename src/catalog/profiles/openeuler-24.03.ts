import { defineProfile } from '../../model/profile.ts';
import {
  bootKickstart,
  type KickstartOptions,
  kickstartAnswers,
  kickstartOptions,
} from '../kickstart.ts';

const tree = 'http://repo.openeuler.org/openEuler-24.03-LTS/OS/x86_64';

export default defineProfile<KickstartOptions>({
  name: 'openeuler-24.03',
  summary: 'The LTS release openEuler 24.03 by Anaconda, with a kickstart file.',
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
        { from: 'iso', iso: 'openEuler 24.03', path: `images/pxeboot/${name}` },
      ],
      sha256: '',
    })),
  boot: bootKickstart,
  answers: (context) => kickstartAnswers(context, 'openeuler-24.03'),
  minutes: 15,
  notes: [
    'Pin the two files first: lab netboot assets add FILE.iso --profile openeuler-24.03, or their SHA-256 of the .treeinfo.',
    'Not run whole: its answers are linted section by section; its requests were played by a client.',
  ],
});
