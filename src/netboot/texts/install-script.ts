import type { BootSpec } from '../../model/profile.ts';
import { script } from './greeting.ts';
import { ipxeWord, kernelArgument } from './ipxe-words.ts';
import { type LocalDisk, renderLocalDisk } from './local-disk.ts';

/** Where the files that a boot spec names are fetched. */
export interface BootUrls {
  /** Throws LabError where an asset is not served. */
  asset(name: string): string;
  answers(name: string): string;
}

/** Boots what a profile wants: kernel, initramfs, arguments, or wimboot with its files. The only script that carries a token. A file that is cut off is fetched anew for half a minute: the service may be restarting. When it cannot boot it goes to the local disk, so that a PC is never left at a prompt. */
export function renderInstall(spec: BootSpec, urls: BootUrls, disk: LocalDisk): string {
  const lines = spec.wimboot ? wimbootLines(spec, urls) : linuxLines(spec, urls);
  return script([
    'imgfree ||',
    ...lines.flatMap(insist),
    'boot ||',
    ':lost',
    'echo The system that installs this PC could not be started: trying the local disk',
    'sleep 5 ||',
    ...renderLocalDisk(disk),
  ]);
}

function insist(line: string, index: number): string[] {
  return [
    'set tries:int8 0',
    `:get${index}`,
    `${line} && goto got${index} ||`,
    'inc tries',
    `iseq \${tries} 8 && goto lost ||`,
    'echo The boot service does not answer, trying again',
    'sleep 4',
    `goto get${index}`,
    `:got${index}`,
  ];
}

/** A UEFI kernel finds its initramfs by `initrd=NAME` only; a BIOS one ignores it. */
function linuxLines(spec: BootSpec, urls: BootUrls): string[] {
  const names = spec.initrds.map((name) => ipxeWord(name));
  const own = spec.args.map((arg) => withAssets(arg, urls));
  const args = [...names.map((name) => `initrd=${name}`), ...own].map(kernelArgument);
  return [
    `kernel --name ${ipxeWord(spec.kernel)} ${ipxeWord(urls.asset(spec.kernel))} ${args.join(' ')}`.trimEnd(),
    ...spec.initrds.map((name) => `initrd --name ${ipxeWord(name)} ${ipxeWord(urls.asset(name))}`),
  ];
}

/** An argument that says where an installer finds an asset: `url={asset:ubuntu.iso}`. */
function withAssets(arg: string, urls: BootUrls): string {
  return arg.replaceAll(/\{asset:([\w.-]+)\}/g, (_, name: string) => urls.asset(name));
}

/** wimboot takes a file's name from the image's name under UEFI and from its argument in a BIOS (ipxe.org/wimboot). */
function wimbootLines(spec: BootSpec, urls: BootUrls): string[] {
  const args = spec.args.map(kernelArgument).join(' ');
  const kernel = `kernel --name ${ipxeWord(spec.kernel)} ${ipxeWord(urls.asset(spec.kernel))} ${args}`;
  const files = (spec.wimboot ?? []).map(({ as, asset, answers }) => {
    const url = asset === undefined ? urls.answers(answers ?? as) : urls.asset(asset);
    return `initrd --name ${ipxeWord(as)} ${ipxeWord(url)} ${ipxeWord(as)}`;
  });
  return [kernel.trimEnd(), ...files];
}
