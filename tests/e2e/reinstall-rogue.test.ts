import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVmLab, type VmLab } from '../../sim/vm/open-vm-lab.ts';
import { type LabProject, openLabProject } from '../helpers/boot-service.ts';
import { canServe } from '../helpers/can-serve.ts';
import { makeImage } from '../helpers/make-image.ts';
import { makeSystem } from '../helpers/make-system.ts';

const inventory = `
all:
  children:
    lab_a:
      vars: {room: {subnet: 10.77.0.0/24, gateway: 10.77.0.1}, profile: debian-12}
      hosts:
        a01: {mac: "52:54:00:00:00:01", ip: 10.77.0.11, seat: A-01, serial: SN01}
`;

/** A home router that somebody plugged in: it gives addresses of the room as if they were its own, and names itself as the way out. */
const rogueConfig = `port=0
interface=lan
bind-interfaces
no-ping
dhcp-authoritative
dhcp-range=10.77.0.190,10.77.0.199,255.255.255.0,1h
dhcp-option=option:router,10.77.0.66
dhcp-option=option:dns-server,10.77.0.66
`;

async function openProject(lab: VmLab): Promise<LabProject> {
  const project = openLabProject(lab, inventory);
  const state = join(project.folder, '.lab');
  mkdirSync(state, { mode: 0o700 });
  await makeSystem(join(state, 'deployment-system'));
  await makeImage(join(state, 'images'), 'debian-12');
  return project;
}

const confirmed = ['reinstall', 'lab_a', '--yes', '--confirm', '1'];
/** Nobody is there to be installed; what was armed is given up at once. */
const brief = ['--stage-deadline', '1', '-q', '-o', 'json'];

async function armedEver(project: LabProject): Promise<string[]> {
  const said = await project.lab(['netboot', 'status', '--all', '-o', 'json']);
  const { hosts }: { hosts: { host: string; state: string }[] } = JSON.parse(said);
  return hosts.map(({ host, state }) => `${host} ${state}`);
}

describe.skipIf(!canServe('dnsmasq', 'grub-mkimage'))('lab reinstall beside a rogue', () => {
  it('names it by address and MAC in preview and before arming, and arms nobody until the service is told that it is meant', async () => {
    await using lab = await openVmLab({ campusDhcp: true, vms: [] });
    const project = await openProject(lab);
    const service = await project.serve();
    const rogue = lab.segment.join('10.77.0.66');
    await lab.segment.startDnsmasq(rogue.namespace, rogueConfig);

    const preview = await project.ends(['reinstall', 'lab_a', '--preview']);
    expect(preview.exitCode, preview.printed).toBe(0);
    expect(preview.printed).toContain(`10.77.0.66 (${rogue.mac}) gives addresses`);
    const refused = await project.ends(confirmed);
    expect(refused.exitCode, refused.printed).toBe(6);
    expect(refused.printed).toContain(`10.77.0.66 (${rogue.mac}) gives addresses`);
    // The campus's own server was there from the beginning.
    expect(refused.printed).not.toContain('10.77.0.1 (');
    expect(refused.printed).toContain('nothing was armed');
    expect(refused.printed).toContain('--dhcp-server ADDRESS');
    expect(await armedEver(project)).toEqual([]);

    // A service that is told that both are meant lets it be.
    expect(await service.stop()).toBe(0);
    const both = ['--dhcp-server', '10.77.0.1', '--dhcp-server', '10.77.0.66'];
    const knowing = await project.serve(both);
    const meant = await project.ends([...confirmed, ...brief]);
    expect(meant.printed).not.toContain('nothing was armed');
    expect(meant.exitCode, meant.printed).toBe(2);
    expect(await armedEver(project)).toEqual(['a01 failed']);
    expect(await knowing.stop()).toBe(0);
  }, 120_000);
});
