/** The command line of one machine (qemu-system-x86_64(1)). Emulation only: a machine in the cloud may have a /dev/kvm that starts and then cannot run a stock kernel. */
import type { VmWish } from './types.ts';

/** Files and sockets of one machine. */
export interface VmFiles {
  readonly disk: string;
  /** The firmware's own memory, a copy for this machine. */
  readonly firmwareVars: string;
  readonly console: string;
  readonly monitor: string;
  readonly pid: string;
  /** Where the network ROM's packets are passed through to be made a vendor's; '' for none. */
  readonly filter: string;
  readonly tap: string;
}

const firmwareFolder = '/usr/share/OVMF';

/** Firmware code and the variables it starts with, for the kinds that are UEFI. */
export const uefiFirmware = {
  uefi: { code: `${firmwareFolder}/OVMF_CODE_4M.fd`, vars: `${firmwareFolder}/OVMF_VARS_4M.fd` },
  secureboot: {
    code: `${firmwareFolder}/OVMF_CODE_4M.secboot.fd`,
    vars: `${firmwareFolder}/OVMF_VARS_4M.ms.fd`,
  },
} as const;

/** What follows the program's name. */
export function qemuArguments(wish: VmWish, files: VmFiles): string[] {
  const isUefi = wish.kind === 'uefi' || wish.kind === 'secureboot';
  const network = wish.order === 'disk' ? 2 : 1;
  return [
    ...['-name', wish.name, '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '1'],
    ...['-m', String(wish.memoryMiB ?? 768), '-no-user-config', '-nodefaults'],
    ...['-display', 'none', '-vga', 'none', '-rtc', 'base=utc', '-pidfile', files.pid],
    ...['-machine', `q35,graphics=off${wish.kind === 'secureboot' ? ',smm=on' : ''}`],
    ...(isUefi ? firmware(wish.kind, files) : ['-boot', 'menu=off']),
    ...['-uuid', wish.uuid],
    ...['-smbios', `type=1,manufacturer=Labkit,product=Virtual PC,serial=${wish.serial}`],
    ...['-chardev', `socket,id=console,path=${files.console},server=on,wait=off`],
    ...['-serial', 'chardev:console'],
    ...['-qmp', `unix:${files.monitor},server=on,wait=off`],
    ...['-object', 'rng-random,id=rng,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=rng'],
    ...['-netdev', `tap,id=lan,ifname=${files.tap},script=no,downscript=no`],
    ...['-device', networkCard(wish, isUefi, network)],
    ...filter(files),
    ...disk(wish, files, 3 - network),
  ];
}

function firmware(kind: VmWish['kind'], files: VmFiles): string[] {
  const { code } = kind === 'secureboot' ? uefiFirmware.secureboot : uefiFirmware.uefi;
  const smm = ['-global', 'driver=cfi.pflash01,property=secure,value=on'];
  return [
    ...(kind === 'secureboot' ? smm : []),
    ...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${code}`],
    ...['-drive', `if=pflash,format=raw,unit=1,file=${files.firmwareVars}`],
  ];
}

/** UEFI gets a card without a ROM: its own PXE client is what is tested. Packets of an e1000 pass QEMU's filter without headers of virtio. */
function networkCard(wish: VmWish, isUefi: boolean, place: number): string {
  const rom = isUefi ? ',romfile=' : '';
  const card = wish.kind === 'bios' ? 'e1000' : 'virtio-net-pci';
  return `${card},netdev=lan,mac=${wish.mac},bootindex=${place}${rom}`;
}

/** Every packet of the machine goes out by one socket and comes back by the other, changed where it has to be. */
function filter({ filter }: VmFiles): string[] {
  if (filter === '') return [];
  return [
    ...['-chardev', `socket,id=out,path=${filter}.out,server=on,wait=on`],
    ...['-chardev', `socket,id=back,path=${filter}.back,server=on,wait=on`],
    // On their way out packets pass the filters from the last to the first.
    ...['-object', 'filter-redirector,id=again,netdev=lan,queue=rx,indev=back'],
    ...['-object', 'filter-redirector,id=toward,netdev=lan,queue=rx,outdev=out'],
  ];
}

function disk(wish: VmWish, files: VmFiles, place: number): string[] {
  if (wish.diskGiB === 0) return [];
  const serial = wish.diskSerial === undefined ? '' : `,serial=${wish.diskSerial}`;
  const drive = `if=none,id=disk,format=qcow2,file=${files.disk},cache=unsafe,discard=unmap`;
  return ['-drive', drive, '-device', `virtio-blk-pci,drive=disk,bootindex=${place}${serial}`];
}
