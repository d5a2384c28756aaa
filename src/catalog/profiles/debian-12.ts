import type { OptionTable } from '../../model/options.ts';
import { defineProfile } from '../../model/profile.ts';
import { bootDeployment, deploymentAssets } from '../deployment-boot.ts';
import { kernelArgs, type SystemOptions, systemOptions, word } from '../install-options.ts';

interface Options extends SystemOptions {
  readonly image: string;
  readonly kernelArgs: readonly string[];
}

const options: OptionTable<Options> = {
  ...systemOptions,
  image: word(
    'debian-12',
    'the image, as `lab image list` names it',
    /^[a-z\d][a-z\d._-]{0,63}$/,
    'the name of an image',
  ),
  kernelArgs,
};

export default defineProfile<Options>({
  name: 'debian-12',
  summary: 'Debian 12 written from a root archive: the fast way.',
  kind: 'archive',
  family: 'linux',
  firmwares: ['bios', 'uefi-x64'],
  secureBoot: true,
  options,
  assets: () => deploymentAssets,
  boot: (context) => bootDeployment(context, context.options.kernelArgs),
  image: ({ image }) => image,
  minutes: 3,
  notes: [
    'Make the image first: lab image build debian-12. Make the deployment system: lab image build-system.',
    'Partition table, file systems, boot loader, host name, machine-id and host keys are made on the PC itself.',
  ],
});
