import { makeVars, type Value, type Vars } from '../../model/value.ts';
import type { Section } from '../probe-sections.ts';
import { readDistribution, readLsb } from './distribution.ts';
import { factSections } from './facts-script.ts';
import { readDevices, readDmi, readMemory, readProcessors } from './hardware.ts';
import { readMounts } from './mounts.ts';
import { readNetwork } from './network.ts';
import { readFiles, textOf } from './read-files.ts';
import {
  packageManager,
  readDateTime,
  readEnvironment,
  readSystem,
  readSystemAnswer,
  readUser,
} from './system.ts';
import { readVirtual } from './virtual.ts';

/** Turns the sections of the facts script into Ansible's facts; undefined when the PC did not answer the main part. Values are data, never code. */
export function readFacts(sections: ReadonlyMap<number, Section>): Vars | undefined {
  const text = (id: number) => sections.get(id)?.stdout ?? '';
  const files = readFiles(text(factSections.files));
  if (textOf(files, '/proc/sys/kernel/osrelease') === undefined) return undefined;
  const answer = readSystemAnswer(text(factSections.system));
  const distribution = readDistribution(files);
  const manager = packageManager(
    answer.programs,
    distribution['ansible_os_family'],
    distribution['ansible_distribution_major_version'],
  );
  const uuids = new Map([...answer.uuids]);
  const parts: Vars[] = [
    readSystem(files, answer),
    distribution,
    readLsb(files, answer.programs.has('lsb_release')),
    readDmi(files),
    readMemory(files),
    readProcessors(files, answer.machine),
    readDevices(files),
    readMounts(files, text(factSections.mounts), uuids),
    readNetwork(files, text(factSections.network)),
    readVirtual(files, answer.exists),
    readUser(files, answer),
    readDateTime(answer),
    readEnvironment(text(factSections.env)),
    makeVars([['ansible_pkg_mgr', manager]]),
  ];
  return makeVars(parts.flatMap((part) => Object.entries(part)));
}

/** What a table of PCs shows: names and sizes only. Memory in MiB, disk in bytes. */
export function summarizeFacts(facts: Vars): { readonly [key: string]: Value } {
  const text = (name: string) =>
    typeof facts[name] === 'string' && facts[name] !== 'NA' ? facts[name] : '';
  const inner = (name: string, key: string): Value => {
    const value = facts[name];
    return typeof value === 'object' && value !== null && key in value
      ? ((value as Vars)[key] ?? '')
      : '';
  };
  const processors = Array.isArray(facts['ansible_processor']) ? facts['ansible_processor'] : [];
  return {
    os: `${text('ansible_distribution')} ${text('ansible_distribution_version')}`.trim(),
    kernel: text('ansible_kernel'),
    architecture: text('ansible_architecture'),
    cpu: String(processors[2] ?? processors[0] ?? ''),
    cores: facts['ansible_processor_vcpus'] ?? 0,
    memoryMiB: facts['ansible_memtotal_mb'] ?? 0,
    diskBytes: diskBytes(facts['ansible_devices']),
    vendor: text('ansible_system_vendor'),
    model: text('ansible_product_name'),
    serial: text('ansible_product_serial'),
    mac: inner('ansible_default_ipv4', 'macaddress'),
    ip: inner('ansible_default_ipv4', 'address'),
    hostname: text('ansible_hostname'),
    virtualization: text('ansible_virtualization_type'),
    uptimeSeconds: facts['ansible_uptime_seconds'] ?? 0,
  };
}

function diskBytes(devices: Value | undefined): number {
  const entries =
    typeof devices === 'object' && devices !== null ? Object.entries(devices as Vars) : [];
  return entries
    .filter(([name]) => !/^(?:loop|ram|zram|dm-|md|sr|fd|nbd)/.test(name))
    .reduce((sum, [, device]) => sum + (Number((device as Vars)['sectors']) || 0) * 512, 0);
}
