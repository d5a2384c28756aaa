import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVmLab, type VmLab } from '../../sim/vm/open-vm-lab.ts';
import { openLabProject, until } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';

const inventory = `
all:
  children:
    lab_a:
      vars: {room: {subnet: 10.77.0.0/24, gateway: 10.77.0.1}}
      hosts:
        a01: {mac: "52:54:00:00:00:01", ip: 10.77.0.11, seat: A-01, profile: rescue}
`;

describe.skipIf(!canServe('dnsmasq', 'grub-mkimage'))(
  'lab netboot serve',
  { timeout: 120_000 },
  () => {
    it('serves beside the campus, starts dnsmasq anew when it is killed, and ends cleanly', async () => {
      await using lab = await openVmLab({ campusDhcp: true, vms: [] });
      await startVirtualNetwork(lab);
      const project = openLabProject(lab, inventory);
      const service = await project.serve(['--interface', 'lan']);
      expect(service.said()).toMatch(
        /^ready: http:\/\/10\.77\.0\.2:8080 on lan, proxy, beside 10\.77\.0\.1 \(52:54:00:5e:00:01\) gives addresses$/m,
      );
      expect(await project.lab(['netboot', 'status'])).toContain('http://10.77.0.2:8080');
      expect(await project.lab(['netboot', 'serve', '--interface', 'lan'])).toContain(
        `the boot service of this project runs already: http://10.77.0.2:8080, process ${service.child.pid}`,
      );
      const pid = Number(/dnsmasq serves \(process (\d+)\)/.exec(service.said())?.[1]);
      process.kill(pid, 'SIGKILL');
      const next = await until('a new dnsmasq', () => {
        const all = [...service.said().matchAll(/dnsmasq serves \(process (\d+)\)/g)];
        return all.length > 1 && Number(all.at(-1)?.[1]);
      });
      expect(service.said()).toContain('dnsmasq died (ended by signal 9)');
      expect(await service.stop()).toBe(0);
      await until('the end of dnsmasq', () => !isAlive(next) && true);
      expect(await project.lab(['netboot', 'status'])).toContain('No boot service was started');
    });

    it("acts as the owner of the project once its ports are open, and still starts dnsmasq anew; the owner's own commands meet it", async () => {
      await using lab = await openVmLab({ campusDhcp: true, vms: [] });
      const project = openLabProject(lab, inventory);
      chmodSync(lab.segment.folder, 0o711);
      chownSync(project.folder, owner, owner);
      const service = await project.serve();
      expect(usersOf(service.child.pid)).toEqual({ real: 0, effective: owner });
      const pid = Number(/dnsmasq serves \(process (\d+)\)/.exec(service.said())?.[1]);
      expect(usersOf(pid).effective).not.toBe(0);
      process.kill(pid, 'SIGKILL');
      await until('a new dnsmasq', () => /serves[\s\S]*died[\s\S]*serves/.test(service.said()));
      expect(usersOf(service.child.pid)).toEqual({ real: 0, effective: owner });
      const asOwner = ['setpriv', `--reuid=${owner}`, `--regid=${owner}`, '--clear-groups'];
      const reached = await lab.segment.run(lab.controller, [
        ...asOwner,
        ...project.command(['netboot', 'pin', 'lab_a']),
      ]);
      expect(reached).toMatch(/^\d{6}$/m);
      const status = await lab.segment.run(lab.controller, [
        ...asOwner,
        ...project.command(['netboot', 'status']),
      ]);
      expect(status).toContain('http://10.77.0.2:8080 (lan, proxy), since');
      expect(await service.stop()).toBe(0);
    });

    it('says everything that is in the way at once: busy ports and by whom, other DHCP servers by MAC', async () => {
      await using lab = await openVmLab({ campusDhcp: true, vms: [] });
      const project = openLabProject(lab, inventory);
      const rogue = lab.segment.join('10.77.0.66');
      await lab.segment.startDnsmasq(
        rogue.namespace,
        'port=0\ninterface=lan\nbind-interfaces\nno-ping\ndhcp-range=10.77.0.190,10.77.0.199,1h\n',
      );
      const squatter = join(lab.segment.folder, 'squat.mjs');
      writeFileSync(
        squatter,
        "import { createServer } from 'node:http'; import { createSocket } from 'node:dgram';\ncreateServer().listen(8080); createSocket('udp4').bind(69, () => console.log('up'));\n",
      );
      const child = lab.segment.start(lab.controller, [process.execPath, squatter]);
      await new Promise((resolve) => child.stdout?.once('data', resolve));
      const said = await project.lab(['netboot', 'serve']);
      expect(said).toContain(`port 8080 (tcp) on 0.0.0.0 is held by node (process ${child.pid})`);
      expect(said).toContain(`port 69 (udp) on 0.0.0.0 is held by node (process ${child.pid})`);
      expect(said).toContain(`10.77.0.66 (${rogue.mac}) gives addresses`);
      expect(said).toContain('--dhcp-server ADDRESS');
      const wrong = await project.lab(['netboot', 'serve', '--interface', 'eth7']);
      expect(wrong).toContain('no such interface');
      expect(wrong).toContain('lan (10.77.0.2)');
    });

    it('tells which firmware is offered what, and that Secure Boot stops at GRUB beside the campus unless it is helped', async () => {
      await using lab = await openVmLab({ campusDhcp: true, vms: [] });
      const secure = inventory.replace('profile: rescue', 'secure_boot: true');
      const project = openLabProject(lab, secure);
      const stuck = /warning: Secure Boot PCs stop at GRUB .*: a01\. .*--secure-boot-addresses/;
      const prepared = await project.lab(['netboot', 'prepare']);
      expect(prepared).toMatch(stuck);
      expect(prepared).toMatch(
        /^UEFI x64 \(7, 8, 9\) +snponly\.efi; with Secure Boot shimx64\.efi$/m,
      );
      expect(prepared).toMatch(
        /^UEFI arm64 \(11\) +nothing: snponly-arm64\.efi or .* is not here/m,
      );
      expect(prepared).toMatch(/^UEFI x64 HTTP Boot \(16\) +nothing in proxy mode/m);
      const helped = ['netboot', 'prepare', '--secure-boot-addresses'];
      expect(await project.lab(helped)).not.toContain('warning: Secure Boot');
      expect(await project.lab([...helped, '--mode', 'dhcp'])).toContain('is for --mode proxy');
      const service = await project.serve();
      expect(service.said()).toMatch(stuck);
      expect(await service.stop()).toBe(0);
    });

    it('names every disk that an installer could not tell from others before anything is served', async () => {
      await using lab = await openVmLab({ campusDhcp: true, vms: [] });
      const disks = `
        a02: {mac: "52:54:00:00:00:02", profile: debian-12-installer, disk: /dev/sdb}
        a03: {mac: "52:54:00:00:00:03", profile: windows-11, disk: {wwn: "0x5000c500a1b2c3d4"}}
        a04: {mac: "52:54:00:00:00:04", profile: windows-11, disk: {serial: S3Z9NB0K123456}}
`;
      const project = openLabProject(lab, `${inventory.trimEnd()}${disks}`);
      const prepared = await project.lab(['netboot', 'prepare']);
      expect(prepared).toContain('missing: a02: its variable "disk" is no fingerprint of a disk: ');
      expect(prepared).toContain("missing: a03: Windows' setup does not know a disk by its WWN: ");
      expect(prepared).not.toContain('missing: a04');
    });

    it('in dhcp mode refuses to serve beside another DHCP server', async () => {
      await using lab = await openVmLab({ campusDhcp: true, vms: [] });
      const said = await openLabProject(lab, inventory).lab(['netboot', 'serve', '--mode', 'dhcp']);
      expect(said).toContain('10.77.0.1 (52:54:00:5e:00:01) gives addresses, and so would we');
      expect(said).toContain('--mode proxy');
    });

    it('prints a unit that systemd takes', async () => {
      await using lab = await openVmLab({ campusDhcp: false, vms: [] });
      const project = openLabProject(lab, inventory);
      const file = join(project.folder, 'labkit-netboot.service');
      writeFileSync(file, await project.lab(['netboot', 'service', '--interface', 'lan']));
      const unit = readFileSync(file, 'utf8');
      expect(unit).toContain('ProtectSystem=strict');
      expect(unit).toMatch(
        /^ExecStart=.* netboot serve --mode proxy --port 8080 --interface lan$/m,
      );
      const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
      if (verified.error) return;
      expect(verified.stderr).not.toContain('labkit-netboot');
      // 0 is a service that may do nothing, 100 one that may do anything.
      const judged = ['security', '--offline=true', '--threshold=40', '--no-pager', file];
      const security = spawnSync('systemd-analyze', judged, { encoding: 'utf8' });
      expect(security.status, security.stdout + security.stderr).toBe(0);
    });
  },
);

/** Who may read the program that is tested. */
const owner = statSync(import.meta.dirname).uid || 54_321;

/** Whom a process belongs to, and as whom it acts (proc(5)). */
function usersOf(pid = 0): { readonly real: number; readonly effective: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, real, effective] = /^Uid:\t(\d+)\t(\d+)/m.exec(status) ?? [];
  return { real: Number(real), effective: Number(effective) };
}

/** The DHCP server of a network of virtual machines on the same machine, as libvirt starts one: it holds port 67, on its own bridge. */
async function startVirtualNetwork({ segment, controller }: VmLab): Promise<void> {
  const run = (...words: string[]) => segment.run(controller, ['ip', ...words]);
  await run('link', 'add', 'virbr0', 'type', 'bridge');
  await run('address', 'add', '192.168.122.1/24', 'dev', 'virbr0');
  await run('link', 'set', 'virbr0', 'up');
  await segment.startDnsmasq(
    controller,
    'port=0\nbind-dynamic\nexcept-interface=lo\ninterface=virbr0\nno-ping\ndhcp-range=192.168.122.2,192.168.122.9,1h\n',
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
