import { makeVars, type Vars } from '../value.ts';
import { readDistribution, readDistributionFile, readLsb } from './distribution.ts';
import { readDevices, readDmi, readMemory, readProcessors } from './hardware.ts';
import { readLocal } from './local-facts.ts';
import { readDateTime, readEnvironment, readUser } from './login.ts';
import { readMounts } from './mounts.ts';
import { readNetwork } from './network.ts';
import { readFiles, textOf } from './read-files.ts';
import { readSmallFacts } from './small-facts.ts';
import { packageManager, readSystem, readSystemAnswer } from './system.ts';
import { readVirtual } from './virtual.ts';

/** What the scripts of `facts-script.ts` printed, each part by itself; '' for a part that was not asked for. */
export interface FactTexts {
  /** Of `filesScript`. */
  readonly files: string;
  /** Of `systemScript`. */
  readonly system: string;
  readonly network: string;
  readonly mounts: string;
  readonly env: string;
  /** Of `localScript`. */
  readonly local: string;
}

/**
 * Turns what a PC said into Ansible's facts, by their names with the prefix `ansible_`; undefined when it did not answer the main part. Values are data, never
 * code. Facts of a part that was not asked for are there with what stands for "none": the caller leaves them out.
 */
export function readFacts(texts: FactTexts): Vars | undefined {
  const files = readFiles(texts.files);
  if (textOf(files, '/proc/sys/kernel/osrelease') === undefined) return undefined;
  const answer = readSystemAnswer(texts.system);
  const distribution = readDistribution(files);
  const manager = packageManager(
    answer.programs,
    distribution['ansible_os_family'],
    distribution['ansible_distribution_major_version'],
  );
  const parts: Vars[] = [
    readSystem(files, answer),
    distribution,
    readDistributionFile(files, distribution),
    readLsb(files, answer.programs.has('lsb_release')),
    readDmi(files),
    readMemory(files),
    readProcessors(files, answer.machine),
    readDevices(files),
    readMounts(files, texts.mounts, answer.uuids),
    readNetwork(files, texts.network),
    readVirtual(files, answer.exists),
    readUser(files, answer),
    readDateTime(answer),
    readEnvironment(texts.env),
    readSmallFacts(files, answer),
    readLocal(texts.local),
    makeVars([['ansible_pkg_mgr', manager]]),
  ];
  return makeVars(parts.flatMap((part) => Object.entries(part)));
}
