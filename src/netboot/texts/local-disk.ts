import type { LocalBoot } from '../../model/local-boot.ts';
import { ipxeWord } from './ipxe-words.ts';

/** How a PC gets to its disk: `way` as the site set it for the model, '' to go by the firmware; `grubUrl` is '' where no such GRUB was prepared. */
export interface LocalDisk {
  readonly way: LocalBoot | '';
  readonly grubUrl: string;
}

/** Finds the way that a site set for a model: by the model's name as its PCs tell it, alone or behind its maker's, in any case. '' where it set none. */
export function selectLocalBoot(
  byModel: ReadonlyMap<string, LocalBoot>,
): (pc: { readonly manufacturer: string; readonly model: string }) => LocalBoot | '' {
  const plain = (text: string) => text.trim().replaceAll(/\s+/g, ' ').toLowerCase();
  const ways = new Map([...byModel].map(([model, way]) => [plain(model), way]));
  return ({ manufacturer, model }) =>
    ways.get(plain(model)) ?? ways.get(plain(`${manufacturer} ${model}`)) ?? '';
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
