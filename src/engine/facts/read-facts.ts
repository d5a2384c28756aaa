import { readFacts as readFactTexts } from '../../model/facts/read-facts.ts';
import type { Vars } from '../../model/value.ts';
import type { Section } from '../probe-sections.ts';
import { factSections } from './facts-script.ts';

/** Turns the sections of the facts script into Ansible's facts; undefined when the PC did not answer the main part. */
export function readFacts(sections: ReadonlyMap<number, Section>): Vars | undefined {
  const text = (id: number) => sections.get(id)?.stdout ?? '';
  const { files, system, network, mounts, env } = factSections;
  const facts = readFactTexts({
    files: text(files),
    system: text(system),
    network: text(network),
    mounts: text(mounts),
    env: text(env),
    local: '',
  });
  if (facts === undefined) return undefined;
  // What programs of the site say of a PC is for playbooks; it is not asked for here
  const { ansible_local: _, ...asked } = facts;
  return asked;
}
