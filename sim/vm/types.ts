/** The words of the laboratory of virtual machines. */

/**
 * How a machine starts. `bios-ipxe`: QEMU's own network ROM, which is an iPXE. `bios`: the same ROM made to look like a vendor's, which loads what it is
 * told by TFTP. `uefi`: OVMF with its own PXE client. `secureboot`: OVMF with Microsoft's keys enrolled.
 */
export const vmKinds = ['bios-ipxe', 'bios', 'uefi', 'secureboot'] as const;
export type VmKind = (typeof vmKinds)[number];

/** A machine to be. */
export interface VmWish {
  /** Letters, digits, dashes. */
  readonly name: string;
  readonly kind: VmKind;
  /** Lower-case, colons. */
  readonly mac: string;
  readonly uuid: string;
  /** The machine's serial number (SMBIOS). */
  readonly serial: string;
  /** An empty disk of this size; 0 for none. */
  readonly diskGiB: number;
  readonly diskSerial?: string;
  readonly memoryMiB?: number;
  /** What is tried first; BIOS goes through all of them at each start. */
  readonly order?: 'network' | 'disk';
  /** Starts at a magic packet for its address. */
  readonly wakes?: boolean;
}

/** One machine of the laboratory. */
export interface Vm {
  readonly wish: VmWish;
  readonly disk: string;
  /** All it wrote on its serial console since the laboratory was opened, as a screen would show it: backspaces applied, colours gone. */
  console(): string;
  /** Resolves when the console shows this behind `from` (a length that `console()` had); rejects with its last lines when the time is over or the machine ends. */
  awaitConsole(pattern: RegExp, timeoutMs: number, from?: number): Promise<RegExpExecArray>;
  /** Types on the serial console. */
  type(text: string): void;
  powerOn(): Promise<void>;
  /** Pulls the plug; one that is off stays so. */
  powerOff(): Promise<void>;
  reset(): Promise<void>;
  isOn(): boolean;
  /** Bytes that were written to its disk since it was switched on; restarts do not count anew. Rejects while it is off. */
  countWrittenBytes(): Promise<number>;
  /** Resolves when it is off. */
  awaitOff(timeoutMs: number): Promise<void>;
}

/** What a PC got that booted from the network; times in milliseconds. */
export interface PxeBoot {
  readonly mac: string;
  readonly ip: string;
  /** The name of the loader, and the SHA-256 (hex) of what came. */
  readonly loader: string;
  readonly loaderSha256: string;
  /** From the first DISCOVER to the lease, and to the whole loader. */
  readonly offerMs: number;
  readonly loaderMs: number;
  /** From each request to the first byte of its answer. */
  readonly greetingMs: number;
  readonly scriptMs: number;
  readonly script: string;
  /** From the first DISCOVER to the whole boot script. */
  readonly totalMs: number;
}
