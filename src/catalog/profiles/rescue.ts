import { defineProfile } from '../../model/profile.ts';
import { bootDeployment, deploymentAssets } from '../deployment-boot.ts';
import { kernelArgs } from '../install-options.ts';

export default defineProfile<{ readonly kernelArgs: readonly string[] }>({
  name: 'rescue',
  summary: 'A small Linux in memory with a shell; writes nothing by itself.',
  kind: 'rescue',
  family: 'none',
  firmwares: ['bios', 'uefi-x64'],
  secureBoot: true,
  options: { kernelArgs },
  assets: () => deploymentAssets,
  boot: (context) => bootDeployment(context, ['labkit_rescue=1', ...context.options.kernelArgs]),
  minutes: 1,
  notes: ['It must be armed like an installation: who is in it can write to the disk.'],
});
