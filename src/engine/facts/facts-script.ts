import {
  filesScript,
  mountsScript,
  networkScript,
  systemScript,
} from '../../model/facts/facts-script.ts';
import { topics } from '../../model/facts/topics.ts';
import type { Probe } from '../probe-script.ts';

/** Sections of the facts script by id. */
export const factSections = { env: 0, files: 1, network: 2, system: 3, mounts: 4 } as const;

/** The probes that gather facts: five sections, all read-only, as whoever logs in. */
export const factProbes: readonly Probe[] = (
  [
    // The shell's own environment, before the script sets any of its own
    [factSections.env, 'cat "/proc/$$/environ"', 'first'],
    [factSections.files, filesScript(topics), ''],
    [factSections.network, networkScript, ''],
    [factSections.system, systemScript(topics), ''],
    // Last, because a file server that does not answer holds it up until the limit
    [factSections.mounts, mountsScript, ''],
  ] as const
).map(([id, script, turn]) => ({ id, script, turn, wantsRoot: false, limitSeconds: 20 }));
