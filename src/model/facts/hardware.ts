import { makeVars, type Value, type Vars } from '../value.ts';
import { type HostFiles, linesOf, namesUnder, textOf } from './read-files.ts';

/** Names as Ansible gives them, by the kernel's. */
const dmiNames: readonly (readonly [string, string])[] = [
  ...['bios_date', 'bios_vendor', 'bios_version', 'board_asset_tag', 'board_name', 'board_serial'],
  ...['board_vendor', 'board_version', 'chassis_asset_tag', 'chassis_serial', 'chassis_vendor'],
  ...['chassis_version', 'product_name', 'product_serial', 'product_uuid', 'product_version'],
].map((name) => [name, name] as const);

/** What firmware tells; 'NA' for what it does not tell or the login may not read. */
export function readDmi(files: HostFiles): Vars {
  const facts = [...dmiNames, ['sys_vendor', 'system_vendor'] as const].map(
    ([name, fact]): [string, Value] => [
      `ansible_${fact}`,
      textOf(files, `/sys/class/dmi/id/${name}`) ?? 'NA',
    ],
  );
  const type = textOf(files, '/sys/class/dmi/id/chassis_type');
  facts.push([
    'ansible_form_factor',
    type === undefined ? 'NA' : (formFactors[Number(type)] ?? `unknown (${type})`),
  ]);
  return makeVars(facts);
}

/** DSP0134, 7.4.1: chassis types, with Ansible's spelling. */
const formFactors =
  'Unknown|Other|Unknown|Desktop|Low Profile Desktop|Pizza Box|Mini Tower|Tower|Portable|Laptop|Notebook|Hand Held|Docking Station|All In One|Sub Notebook|Space-saving|Lunch Box|Main Server Chassis|Expansion Chassis|Sub Chassis|Bus Expansion Chassis|Peripheral Chassis|RAID Chassis|Rack Mount Chassis|Sealed-case PC|Multi-system|CompactPCI|AdvancedTCA|Blade|Blade Enclosure|Tablet|Convertible|Detachable|IoT Gateway|Embedded PC|Mini PC|Stick PC'.split(
    '|',
  );

/** Memory in MiB. */
export function readMemory(files: HostFiles): Vars {
  const sizes = new Map<string, number>();
  for (const line of linesOf(files, '/proc/meminfo')) {
    const [, name, kib] = /^(\w+):\s+(\d+)/.exec(line) ?? [];
    if (name !== undefined) sizes.set(name, Math.floor(Number(kib) / 1024));
  }
  const mib = (name: string) => sizes.get(name) ?? 0;
  if (!sizes.has('MemTotal')) return makeVars();
  const unused = mib('Cached') + mib('MemFree') + mib('Buffers');
  return makeVars([
    ['ansible_memtotal_mb', mib('MemTotal')],
    ['ansible_memfree_mb', mib('MemFree')],
    ['ansible_swaptotal_mb', mib('SwapTotal')],
    ['ansible_swapfree_mb', mib('SwapFree')],
    [
      'ansible_memory_mb',
      {
        real: {
          total: mib('MemTotal'),
          used: mib('MemTotal') - mib('MemFree'),
          free: mib('MemFree'),
        },
        nocache: { free: unused, used: mib('MemTotal') - unused },
        swap: {
          total: mib('SwapTotal'),
          free: mib('SwapFree'),
          used: mib('SwapTotal') - mib('SwapFree'),
          cached: mib('SwapCached'),
        },
      },
    ],
  ]);
}

const processorKeys = ['model name', 'Processor', 'vendor_id', 'cpu', 'Vendor', 'processor'];

/** Processors as Ansible counts them: sockets, cores of one, threads of one core, and the product of the three. */
export function readProcessors(files: HostFiles, machine: string): Vars {
  const pairs = linesOf(files, '/proc/cpuinfo').map((line): readonly [string, string] => {
    const at = line.indexOf(':');
    return at === -1 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
  const named = pairs.filter(([key]) => processorKeys.includes(key));
  if (named.length === 0) return makeVars();
  const count = (key: string) => named.filter(([own]) => own === key).length;
  const { sockets, threads } = readTopology(pairs);
  const models = count('model name');
  const listed = models > 0 && models === count('vendor_id') ? models : named.length;
  const all = /^(?:armv|aarch|ppc)/.test(machine) ? count('processor') : listed;
  const socketCount = sockets.size > 0 ? sockets.size : all;
  const cores = [...sockets.values()][0] ?? 1;
  const perCore = Math.floor(([...threads.values()][0] ?? 1) / cores);
  return makeVars([
    ['ansible_processor', named.map(([, value]) => value)],
    ['ansible_processor_count', socketCount],
    ['ansible_processor_cores', cores],
    ['ansible_processor_threads_per_core', perCore],
    ['ansible_processor_vcpus', perCore * socketCount * cores],
    ['ansible_processor_nproc', allowedProcessors(files) ?? count('processor')],
  ]);
}

/** Cores by socket and threads by core. */
function readTopology(pairs: readonly (readonly [string, string])[]) {
  const sockets = new Map<string, number>();
  const threads = new Map<string, number>();
  let socket = '0';
  let core = '0';
  for (const [key, value] of pairs) {
    if (key === 'physical id') {
      socket = value;
      if (!sockets.has(socket)) sockets.set(socket, 1);
    } else if (key === 'core id') core = value;
    else if (key === 'cpu cores') sockets.set(socket, Number(value) || 1);
    else if (key === 'siblings') threads.set(core, Number(value) || 1);
  }
  return { sockets, threads };
}

/** How many processors a program may run on (proc_pid_status(5), Cpus_allowed_list). */
function allowedProcessors(files: HostFiles): number | undefined {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(files.get('/proc/self/status') ?? '')?.[1];
  return list?.split(',').reduce((sum, part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

/** Disks by name, with their partitions; sizes as Ansible words them. */
export function readDevices(files: HostFiles): Vars {
  const names = namesUnder(files, '/sys/block/', '/size');
  const devices = names.map((name): [string, Value] => {
    const of = (path: string) => textOf(files, `/sys/block/${name}/${path}`) ?? null;
    const sectors = of('size') ?? '0';
    const serial = of('device/serial');
    const partitions = namesUnder(files, `/sys/block/${name}/`, '/start').map(
      (part): [string, Value] => {
        const size = of(`${part}/size`) ?? '0';
        return [part, { start: of(`${part}/start`) ?? '0', sectors: size, size: humanSize(size) }];
      },
    );
    const device: Record<string, Value> = {
      model: of('device/model'),
      vendor: of('device/vendor'),
      removable: of('removable'),
      rotational: of('queue/rotational'),
      scheduler_mode: /\[(.*)\]/.exec(of('queue/scheduler') ?? '')?.[1] ?? '',
      sectors,
      sectorsize: of('queue/logical_block_size') ?? 512,
      size: humanSize(sectors),
      support_discard: of('queue/discard_granularity'),
      partitions: makeVars(partitions),
    };
    if (serial !== null) device['serial'] = serial;
    return [name, device];
  });
  return makeVars([['ansible_devices', makeVars(devices)]]);
}

function humanSize(sectors: string): string {
  let size = Number(sectors) * 512;
  if (!Number.isFinite(size)) return '0.00 Bytes';
  const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB'];
  let unit = 0;
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${size.toFixed(2)} ${units[unit]}`;
}
