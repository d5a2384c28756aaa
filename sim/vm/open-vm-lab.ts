/** A laboratory: one segment with a controller, the campus's own DHCP server where wanted, virtual machines, and a hand on their power buttons. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openVm } from './open-vm.ts';
import { openSegment, type Segment } from './segment.ts';
import type { Vm, VmWish } from './types.ts';

/** What is wanted. */
export interface VmLabWish {
  readonly vms: readonly VmWish[];
  /** Whether a DHCP server gives addresses; it knows nothing of network boot but what these further lines of its configuration tell it. */
  readonly campusDhcp: boolean | string;
}

/** A laboratory that is up; its machines are off. */
export interface VmLab extends AsyncDisposable {
  readonly segment: Segment;
  /** The namespace of the controller, whose card is `lan`. */
  readonly controller: string;
  readonly vms: ReadonlyMap<string, Vm>;
  /** The machine of that name; throws where there is none. */
  vm(name: string): Vm;
  /** Who was woken by a magic packet, in order. */
  readonly woken: readonly string[];
}

/** Addresses of the segment: the campus's server is its first, the controller its second. */
export const labNetwork = {
  subnet: '10.77.0.0/24',
  campus: '10.77.0.1',
  controller: '10.77.0.2',
  power: '10.77.0.3',
} as const;

/** A DHCP server (dnsmasq) that knows nothing of network boot. */
export const campusConfig = `port=0
interface=lan
bind-interfaces
no-ping
dhcp-authoritative
dhcp-range=10.77.0.100,10.77.0.180,255.255.255.0,1h
dhcp-option=option:router,10.77.0.1
dhcp-option=option:dns-server,10.77.0.1
`;

/** Needs root, QEMU and dnsmasq. Everything is gone when it is disposed of, also where opening it failed half-way. */
export async function openVmLab(wish: VmLabWish): Promise<VmLab> {
  const stack = new AsyncDisposableStack();
  try {
    const segment = stack.use(openSegment());
    const campus = segment.join(labNetwork.campus);
    const controller = segment.join(labNetwork.controller);
    if (wish.campusDhcp !== false)
      await segment.startDnsmasq(
        campus.namespace,
        wish.campusDhcp === true ? campusConfig : `${campusConfig}${wish.campusDhcp}\n`,
      );
    const vms = new Map<string, Vm>();
    const folder = `${segment.folder}/vms`;
    mkdirSync(folder);
    for (const one of wish.vms) {
      const vm = await openVm(one, { folder, ...segment.addTap() });
      stack.defer(vm.close);
      vms.set(one.name, vm);
    }
    const woken = startPower(segment, vms);
    const held = stack.move();
    return {
      segment,
      controller: controller.namespace,
      vms,
      vm: (name) => {
        const found = vms.get(name);
        if (!found) throw new Error(`no machine ${name}`);
        return found;
      },
      woken,
      [Symbol.asyncDispose]: () => held.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** What stands in for the standby power of network cards: it hears magic packets and starts the machine that they name. */
function startPower(segment: Segment, vms: ReadonlyMap<string, Vm>): string[] {
  const woken: string[] = [];
  const { namespace } = segment.join(labNetwork.power);
  const program = new URL('hear-magic-packets.ts', import.meta.url).pathname;
  const child: ChildProcess = segment.start(namespace, [process.execPath, program]);
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', (mac) => {
      const vm = [...vms.values()].find(({ wish }) => wish.mac === mac);
      if (vm?.wish.wakes !== true || vm.isOn()) return;
      woken.push(vm.wish.name);
      vm.powerOn().catch((error: unknown) => {
        woken.push(`${vm.wish.name} did not start: ${String(error)}`);
      });
    });
  return woken;
}
