import { makeVars, type Value, type Vars } from '../value.ts';
import { type HostFiles, linesOf, namesUnder, textOf } from './read-files.ts';
import type { SystemAnswer } from './system.ts';

/** Facts of a line or two each: word size, boot parameters, capabilities, storage names. */
export function readSmallFacts(files: HostFiles, answer: SystemAnswer): Vars {
  const { machine, bits } = answer;
  const isIntel = /^(?:x86_64|i[3456]86)$/.test(machine);
  const facts: [string, Value][] = [
    ['ansible_proc_cmdline', readParameters(files)],
    ['ansible_is_chroot', answer.chroot === 'yes'],
    ['ansible_hostnqn', textOf(files, '/etc/nvme/hostnqn') ?? ''],
    ['ansible_iscsi_iqn', readInitiator(files)],
    ['ansible_fibre_channel_wwn', readPorts(files)],
    ...readCapabilities(answer.caps),
  ];
  if (bits !== '') facts.push(['ansible_userspace_bits', bits]);
  if (bits !== '' && isIntel)
    facts.push(['ansible_userspace_architecture', bits === '64' ? 'x86_64' : 'i386']);
  if (!answer.programs.has('vgs')) facts.push(['ansible_lvm', 'N/A']);
  return makeVars(facts);
}

/** Boot parameters as `ansible_cmdline` has them, but all values of a name that stands there several times. */
function readParameters(files: HostFiles): Vars {
  const words = textOf(files, '/proc/cmdline')?.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  const values = new Map<string, Value[]>();
  for (const word of words) {
    const at = word.indexOf('=');
    const name = at === -1 ? word : word.slice(0, at);
    const value = at === -1 ? true : word.slice(at + 1);
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return makeVars(
    [...values].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? true) : all]),
  );
}

function readInitiator(files: HostFiles): string {
  const line = linesOf(files, '/etc/iscsi/initiatorname.iscsi').find((one) =>
    one.startsWith('InitiatorName='),
  );
  return line?.slice('InitiatorName='.length).trim() ?? '';
}

function readPorts(files: HostFiles): string[] {
  return namesUnder(files, '/sys/class/fc_host/', '/port_name').map((name) =>
    (textOf(files, `/sys/class/fc_host/${name}/port_name`) ?? '').replace(/^0x/, ''),
  );
}

/** `Current: =ep` says that nothing is taken away from root (capsh(1)). */
function readCapabilities(current: string): [string, Value][] {
  if (current === '')
    return [
      ['ansible_system_capabilities', []],
      ['ansible_system_capabilities_enforced', 'NA'],
    ];
  const isFull = current === '=ep';
  const names = isFull ? [] : (current.split('=')[1] ?? '').split(',').map((name) => name.trim());
  return [
    ['ansible_system_capabilities', names],
    ['ansible_system_capabilities_enforced', isFull ? 'False' : 'True'],
  ];
}
