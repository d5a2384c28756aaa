import { ipxeWord } from './ipxe-words.ts';

/** Ways from iPXE to the local disk. `exit` hands back to the firmware, `sanboot` starts the first disk of a BIOS, `grub` has a GRUB from the server look for the system on the disk (UEFI), `reboot` starts the PC again. */
export const localBoots = ['exit', 'sanboot', 'grub', 'reboot'] as const;
export type LocalBoot = (typeof localBoots)[number];

/** How a PC gets to its disk: `way` as the site set it for the model, '' to go by the firmware; `grubUrl` is '' where no such GRUB was prepared. */
export interface LocalDisk {
  readonly way: LocalBoot | '';
  readonly grubUrl: string;
}

/** Reads a way to the local disk; '' for what is none. */
export function readLocalBoot(text: unknown): LocalBoot | '' {
  return localBoots.find((way) => way === text) ?? '';
}

/** Lines of an iPXE script from the label `local` on: the last thing a script does. Needs nothing of the server but, on UEFI, a file that may be missing. */
export function renderLocalDisk({ way, grubUrl }: LocalDisk): string[] {
  const grub = grubUrl === '' ? [] : [`chain --autofree ${ipxeWord(grubUrl)} ||`];
  const ways: { readonly [W in LocalBoot]: readonly string[] } = {
    // A UEFI boot manager goes on with its next entry only after an error (UEFI 2.10, 3.1.2).
    exit: ['exit 1'],
    sanboot: ['sanboot --no-describe --drive 0x80 ||', 'exit 1'],
    grub: [...grub, 'exit 1'],
    reboot: ['reboot'],
  };
  if (way !== '') return [':local', ...ways[way]];
  return [
    ':local',
    `iseq \${platform} efi && goto local_efi ||`,
    ...ways.sanboot,
    ':local_efi',
    ...ways.grub,
  ];
}
