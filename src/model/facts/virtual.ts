import { makeVars, type Vars } from '../value.ts';
import { type HostFiles, textOf } from './read-files.ts';

interface Trace {
  readonly tech: string;
  readonly role: 'guest' | 'host';
  readonly seen: boolean;
}

/** Whether the PC is a virtual one or carries some, in Ansible's words; the first trace decides, all are listed. */
export function readVirtual(files: HostFiles, exists: ReadonlySet<string>): Vars {
  const traces = [...containerTraces(files, exists), ...machineTraces(files, exists)].filter(
    (trace) => trace.seen,
  );
  const [first] = traces;
  const list = (role: 'guest' | 'host') => [
    ...new Set(traces.filter((trace) => trace.role === role).map(({ tech }) => tech)),
  ];
  const guests = list('guest');
  if (
    guests.some((tech) => containers.has(tech)) ||
    textOf(files, '/run/systemd/container') !== undefined
  )
    guests.push('container');
  return makeVars([
    ['ansible_virtualization_type', first?.tech ?? 'NA'],
    ['ansible_virtualization_role', first?.role ?? 'NA'],
    ['ansible_virtualization_tech_guest', [...new Set(guests)].sort()],
    ['ansible_virtualization_tech_host', list('host').sort()],
  ]);
}

const containers = new Set(['docker', 'lxc', 'podman', 'openvz', 'containerd']);

function containerTraces(files: HostFiles, exists: ReadonlySet<string>): Trace[] {
  const groups = files.get('/proc/1/cgroup') ?? '';
  const environment = (files.get('/proc/1/environ') ?? '').split('\0');
  const named = textOf(files, '/run/systemd/container') ?? '';
  const has = (entry: RegExp) => environment.some((one) => entry.test(one));
  return [
    guest('docker', /\/docker(?:\/|-[0-9a-f]+\.scope)/.test(groups)),
    guest('lxc', /\/lxc\/|\/machine\.slice\/machine-lxc/.test(groups)),
    guest('containerd', groups.includes('/system.slice/containerd.service')),
    guest('lxc', has(/container=lxc/)),
    guest('podman', has(/container=podman/)),
    guest('container', has(/^container=./)),
    {
      tech: 'openvz',
      role: exists.has('/proc/bc') ? 'host' : 'guest',
      seen: exists.has('/proc/vz') && !exists.has('/proc/lve'),
    },
    guest(named, named !== ''),
    guest('docker', exists.has('/.dockerenv') || exists.has('/.dockerinit')),
    guest('xen', exists.has('/proc/xen')),
  ];
}

const makers: readonly (readonly [string, string, readonly string[]])[] = [
  ['kvm', 'product_name', ['KVM', 'KVM Server', 'Bochs', 'AHV']],
  ['oVirt', 'sys_vendor', ['oVirt']],
  ['VMware', 'product_name', ['VMware Virtual Platform', 'VMware7,1']],
  ['openstack', 'product_name', ['OpenStack Compute', 'OpenStack Nova']],
  ['xen', 'bios_vendor', ['Xen']],
  ['virtualbox', 'bios_vendor', ['innotek GmbH']],
  ['kvm', 'bios_vendor', ['Amazon EC2', 'DigitalOcean', 'Hetzner']],
  ['kvm', 'sys_vendor', ['QEMU', 'Amazon EC2', 'DigitalOcean', 'Google', 'Scaleway', 'Nutanix']],
  ['KubeVirt', 'sys_vendor', ['KubeVirt']],
  ['VirtualPC', 'sys_vendor', ['Microsoft Corporation']],
  ['parallels', 'sys_vendor', ['Parallels Software International Inc.']],
  ['openstack', 'sys_vendor', ['OpenStack Foundation']],
];

function machineTraces(files: HostFiles, exists: ReadonlySet<string>): Trace[] {
  const modules = new Set(
    (files.get('/proc/modules') ?? '').split('\n').map((line) => line.split(' ')[0]),
  );
  return [
    ...makers.map(([tech, file, names]) =>
      guest(tech, names.includes(textOf(files, `/sys/class/dmi/id/${file}`) ?? '')),
    ),
    guest('kvm', /^model name.*QEMU Virtual CPU/m.test(files.get('/proc/cpuinfo') ?? '')),
    { tech: 'kvm', role: 'host', seen: modules.has('kvm') },
    { tech: 'virtualbox', role: 'host', seen: modules.has('vboxdrv') },
    guest('kvm', modules.has('virtio')),
    { tech: 'kvm', role: 'host', seen: exists.has('/dev/kvm') },
  ];
}

function guest(tech: string, seen: boolean): Trace {
  return { tech, role: 'guest', seen };
}
