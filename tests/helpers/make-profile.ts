import type { ChosenProfile, ProfileContext } from '../../src/model/profile.ts';
import { defineProfile } from '../../src/model/profile.ts';
import { makeHost } from './make-host.ts';

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

/** What a profile's functions are given for a07, whose only disk may be wiped. */
export function makeProfileContext<O>(
  more: Partial<ProfileContext<O>> & Pick<ProfileContext<O>, 'options'>,
): ProfileContext<O> {
  return {
    host: makeHost('a07'),
    firmware: 'uefi-x64',
    disk: { by: 'only' },
    server: 'http://10.1.0.2:8080',
    answersUrl: 'http://10.1.0.2:8080/boot/answers/TOKEN',
    reportUrl: 'http://10.1.0.2:8080/boot/report/SESSION',
    sshKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDQ3 zhang@office'],
    network: {
      address: '10.1.0.7',
      netmask: '255.255.255.0',
      gateway: '10.1.0.1',
      dns: '10.1.0.2',
    },
    ...more,
  };
}
