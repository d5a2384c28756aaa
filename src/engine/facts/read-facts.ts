import { makeVars, type Vars } from '../../model/value.ts';
import type { Section } from '../probe-sections.ts';
import { readDistribution, readLsb } from './distribution.ts';
import { factSections } from './facts-script.ts';
import { readDevices, readDmi, readMemory, readProcessors } from './hardware.ts';
import { readDateTime, readEnvironment, readUser } from './login.ts';
import { readMounts } from './mounts.ts';
import { readNetwork } from './network.ts';
import { readFiles, textOf } from './read-files.ts';
import { packageManager, readSystem, readSystemAnswer } from './system.ts';
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
  const parts: Vars[] = [
    readSystem(files, answer),
    distribution,
    readLsb(files, answer.programs.has('lsb_release')),
    readDmi(files),
    readMemory(files),
    readProcessors(files, answer.machine),
    readDevices(files),
    readMounts(files, text(factSections.mounts), answer.uuids),
    readNetwork(files, text(factSections.network)),
    readVirtual(files, answer.exists),
    readUser(files, answer),
    readDateTime(answer),
    readEnvironment(text(factSections.env)),
    makeVars([['ansible_pkg_mgr', manager]]),
  ];
  return makeVars(parts.flatMap((part) => Object.entries(part)));
}
