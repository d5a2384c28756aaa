import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A PC in QEMU (TCG: a stock kernel does not run under every /dev/kvm) with a serial console and user-mode network: 10.0.2.2 is this machine's loopback. */
export interface VmSettings {
  readonly folder: string;
  readonly firmware: 'bios' | 'uefi';
  /** Boots this instead of a disk. */
  readonly kernel?: { readonly vmlinuz: string; readonly initrd: string; readonly line: string };
  /** QEMU words for disks, such as `-drive file=…,if=virtio`. */
  readonly disks: readonly string[];
  /** A port of loopback that leads to the guest's SSH. */
  readonly sshPort?: number;
  /** Keeps boot entries between two runs in the same folder. */
  readonly freshFirmware?: boolean;
}

/** A running one. */
export interface Vm {
  /** Everything the serial console has shown. */
  console(): string;
  /** Waits for a text on the console; throws with the end of the console when the time is over or the VM ended first. */
  until(pattern: RegExp, timeoutMs: number): Promise<void>;
  /** Waits until it is switched off. */
  ended(timeoutMs: number): Promise<void>;
  kill(): Promise<void>;
}

const ovmf = '/usr/share/OVMF';

/** Starts it. */
export async function startVm(settings: VmSettings): Promise<Vm> {
  const vars = join(settings.folder, 'vars.fd');
  if (settings.firmware === 'uefi' && settings.freshFirmware !== false)
    await copyFile(`${ovmf}/OVMF_VARS_4M.fd`, vars);
  const forward = settings.sshPort ? `,hostfwd=tcp:127.0.0.1:${settings.sshPort}-:22` : '';
  const words = [
    ...['-machine', 'q35,accel=tcg', '-cpu', 'max', '-m', '1024', '-nographic', '-no-reboot'],
    ...['-monitor', 'none', '-serial', 'stdio', '-rtc', 'base=2000-01-01'],
    ...['-uuid', '12345678-1234-1234-1234-123456789abc', '-smbios', 'type=1,serial=PC0007'],
    ...['-netdev', `user,id=n0${forward}`],
    ...['-device', 'virtio-net-pci,netdev=n0,mac=52:54:00:00:00:07,romfile='],
    ...settings.disks,
    ...(settings.firmware === 'bios'
      ? []
      : [
          ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${ovmf}/OVMF_CODE_4M.fd`],
          ...['-drive', `if=pflash,unit=1,format=raw,file=${vars}`],
        ]),
    ...(settings.kernel
      ? [
          ...['-kernel', settings.kernel.vmlinuz, '-initrd', settings.kernel.initrd],
          ...['-append', settings.kernel.line],
        ]
      : []),
  ];
  const child = spawn('qemu-system-x86_64', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  return follow(child);
}

function follow(child: ChildProcess): Vm {
  let text = '';
  const keep = (piece: Buffer) => {
    text += piece.toString('latin1');
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    child.once('close', () => {
      isOver = true;
      resolve();
    });
  });
  const tail = () => text.slice(-3000);
  return {
    console: () => text,
    async until(pattern, timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      while (!pattern.test(text)) {
        if (isOver || Date.now() > deadline)
          throw new Error(
            `no ${pattern} ${isOver ? 'before the VM ended' : 'in time'}:\n${tail()}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async ended(timeoutMs) {
      const timer = Promise.withResolvers<never>();
      const timeout = setTimeout(() => timer.reject(new Error(`still on:\n${tail()}`)), timeoutMs);
      try {
        await Promise.race([over, timer.promise]);
      } finally {
        clearTimeout(timeout);
      }
    },
    async kill() {
      child.kill('SIGKILL');
      await over;
    },
  };
}
