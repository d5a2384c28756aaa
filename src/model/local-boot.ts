/** Ways from the network boot to the local disk. `exit` hands back to the firmware, `sanboot` starts the first disk of a BIOS, `grub` has a GRUB from the server look for the system on the disk (UEFI), `reboot` starts the PC again. */
export const localBoots = ['exit', 'sanboot', 'grub', 'reboot'] as const;
export type LocalBoot = (typeof localBoots)[number];

/** Reads a way to the local disk; '' for what is none. */
export function readLocalBoot(text: unknown): LocalBoot | '' {
  return localBoots.find((way) => way === text) ?? '';
}
