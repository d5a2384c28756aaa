import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type BootDouble, type DoubleImage, openBootDouble } from '../../helpers/boot-double.ts';
import { openDeploymentSystem } from '../../helpers/deployment-system.ts';
import { startVm, type Vm, type VmSettings } from '../../helpers/direct-vm.ts';
import { makeDiskImage } from '../../helpers/disk-image.ts';
import { openVmImage } from '../../helpers/vm-image.ts';

const needed = [
  '/usr/bin/qemu-system-x86_64',
  '/usr/share/OVMF/OVMF_CODE_4M.fd',
  '/usr/bin/mmdebstrap',
  '/usr/bin/ssh-keygen',
];
const lacking = needed.filter((file) => !existsSync(file));
if (process.getuid?.() !== 0) lacking.push("root's rights");
const isSkipped = lacking.length > 0 && process.env['CI'] !== 'true';
if (isSkipped)
  console.warn(`SKIPPED, not tested: installations in QEMU (${lacking.join(', ')} missing)`);

// Programs are emulated one instruction at a time, beside other tests: these end what hangs, they measure nothing.
const bootMs = 600_000;
const installMs = 1_500_000;
let system = '';
let archive = '';
let keyFile = '';
let publicKey = '';
let folder = '';
let shared = '';
let double: BootDouble;
let vm: Vm | undefined;

const disk = (name: string, serial: string) => [
  ...['-drive', `file=${join(folder, name)},if=none,id=${name},format=raw,cache=unsafe`],
  ...['-device', `virtio-blk-pci,drive=${name},serial=${serial}`],
];

async function makeDisk(name: string, gibibytes: number): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, '');
  await truncate(file, gibibytes * 1024 ** 3);
  return file;
}

/** Starts the target's system as a boot loader would, with these words on its kernel line. */
async function startTarget(settings: Pick<VmSettings, 'firmware' | 'disks'>, words: string[]) {
  const line = [
    ...['boot=deploy', `labkit=http://10.0.2.2:${double.port}`, ...words],
    ...['no_timer_check', 'console=tty0', 'console=ttyS0,115200'],
  ].join(' ');
  const kernel = { vmlinuz: join(system, 'vmlinuz'), initrd: join(system, 'initrd.img'), line };
  vm = await startVm({ folder, kernel, ...settings });
  return vm;
}

const address = 'ip=10.0.2.15::10.0.2.2:255.255.255.0::off: BOOTIF=01-52-54-00-00-00-07';

/** Reports in their order, each stage once. */
const stages = () => [...new Set(double.reports.map((report) => report.get('stage')))];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Boots the disk and asks the new system itself, over SSH, with the host key that was reported and no other. */
async function askInstalled(
  settings: Pick<VmSettings, 'firmware' | 'freshFirmware'>,
  more = 'true',
): Promise<string> {
  const sshPort = await freePort();
  vm = await startVm({ folder, disks: disk('d0', 'DISK0001'), sshPort, ...settings });
  await vm.until(/a07 login:/, bootMs);
  const known = join(folder, 'known_hosts');
  const key = double.reports.at(-1)?.get('hostkey') ?? '';
  await writeFile(known, `[127.0.0.1]:${sshPort} ${key}\n`);
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${known}`,
    'GlobalKnownHostsFile=/dev/null',
    'ConnectTimeout=120',
    'ConnectionAttempts=20',
  ].flatMap((option) => ['-o', option]);
  const ask =
    'hostname -f; cat /etc/labkit/image; readlink /etc/localtime; ls /etc/ssh/ssh_host*; ls /sys/firmware/efi/efivars 2>/dev/null | grep -c ^Boot0; echo failed $(systemctl --failed --no-legend | wc -l); cat /etc/machine-id';
  const words = ['-F', 'none', '-i', keyFile, '-p', String(sshPort), ...options, 'root@127.0.0.1'];
  return execFileSync('ssh', [...words, `${ask}; ${more}`], { encoding: 'utf8' });
}

describe.skipIf(isSkipped)('a PC in QEMU', { timeout: installMs + bootMs }, () => {
  beforeAll(async () => {
    system = await openDeploymentSystem();
    const { images, image } = await openVmImage();
    archive = join(images, image.name, 'root.tar.zst');
    shared = await mkdtemp('/var/tmp/lab-install-');
    keyFile = join(shared, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', keyFile]);
    publicKey = execFileSync('cat', [`${keyFile}.pub`], { encoding: 'utf8' }).trim();
  }, installMs);
  afterAll(() => rm(shared, { recursive: true, force: true }));

  async function open(
    change: (job: string[]) => string[] = (job) => job,
    image?: DoubleImage,
  ): Promise<void> {
    folder = await mkdtemp('/var/tmp/lab-install-vm-');
    const content = image ?? { path: archive, chunkBytes: 16 * 1024 * 1024 };
    double = await openBootDouble(content, (port) => `http://10.0.2.2:${port}`);
    double.job = change(double.job.toSpliced(-1, 0, `sshkey ${publicKey}`, 'user tech'));
  }
  afterEach(async () => {
    await vm?.kill();
    await double.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('with BIOS is installed though the server is gone for a while in the middle, and starts its new system', async () => {
    await open();
    await makeDisk('d0', 8);
    const words = [address, `labkit_token=${double.token}`];
    const target = await startTarget({ firmware: 'bios', disks: disk('d0', 'DISK0001') }, words);
    await target.until(/writing [2-5]\d %/, installMs);
    await double.goDown();
    await target.until(/the server does not answer/, bootMs);
    await double.comeUp();
    await target.until(/ Done/, installMs);
    await target.ended(bootMs);
    console.log(
      target
        .console()
        .match(/labkit \d.*/g)
        ?.join('\n'),
    );
    expect(stages()).toEqual(['kernel', 'writing', 'installed']);
    expect(double.reports[0]?.get('disk_serial')).toBe('DISK0001');
    const told = await askInstalled({ firmware: 'bios' });
    expect(told).toMatch(/^a07\.lab\.example\ntiny abab/);
    expect(told).toContain('/usr/share/zoneinfo/Asia/Shanghai\n');
    expect(told.match(/ssh_host_\w+$/gm)).toEqual(['ssh_host_ed25519_key']);
    expect(told).toMatch(/^failed 0$/m);
  });

  it('with UEFI gets the image of a disk, and starts as itself, not as the PC it was captured from', async () => {
    const image = await makeDiskImage(shared, 'school', archive);
    await open(undefined, { images: shared, image });
    await makeDisk('d0', 3);
    const words = [address, `labkit_token=${double.token}`];
    const target = await startTarget({ firmware: 'uefi', disks: disk('d0', 'DISK0001') }, words);
    await target.until(/ Done/, installMs);
    await target.ended(bootMs);
    expect(stages()).toEqual(['kernel', 'writing', 'installed']);
    const size =
      'df --output=size,source -BM / | tail -n 1; cat /proc/swaps; findmnt -no FSTYPE /boot/efi';
    const told = await askInstalled({ firmware: 'uefi', freshFirmware: false }, size);
    expect(told).toMatch(/^a07\.lab\.example\nschool [\da-f]{64}\n/);
    expect(told).toContain(image.stamp);
    expect(told.match(/ssh_host_\w+$/gm)).toEqual(['ssh_host_ed25519_key']);
    expect(told).toMatch(/^failed 0$/m);
    expect(told).not.toContain('0123456789abcdef');
    // 3072 MiB but 131 for the others and the tables: the file system has grown with its partition.
    expect(Number(/^ *(\d+)M \/dev\/vda4$/m.exec(told)?.[1])).toBeGreaterThan(2700);
    expect(told).toMatch(/^\/dev\/vda3 +partition/m);
    expect(told).toMatch(/^vfat$/m);
  });

  it.each([
    [
      'two disks and no fingerprint',
      [8, 8],
      'disk only',
      /^kernel: more than one disk fits: vda .*vdb/,
    ],
    [
      'a disk that is too small',
      [1],
      'disk only',
      /^kernel: the disk is too small: the system needs 1565 MiB/,
    ],
  ])(
    'with %s writes nothing, tells why and does not start again',
    async (_, sizes, rule, reason) => {
      await open((job) => job.map((line) => (line === 'disk only' ? rule : line)));
      for (const [at, size] of sizes.entries()) await makeDisk(`d${at}`, size);
      const disks = sizes.flatMap((_, at) => disk(`d${at}`, `DISK000${at}`));
      const words = [address, `labkit_token=${double.token}`];
      const target = await startTarget({ firmware: 'bios', disks }, words);
      await target.until(/root can be reached over SSH/, bootMs);
      expect(stages()).toEqual(['failed']);
      expect(double.reports[0]?.get('reason')).toMatch(reason);
      for (const [at] of sizes.entries())
        expect((await stat(join(folder, `d${at}`))).blocks).toBe(0);
    },
  );
});
