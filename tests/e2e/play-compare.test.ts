import { expect, it } from 'vitest';
import {
  comparedPlaybooks,
  compareOnPcs,
  wishOf,
  withoutMeant,
} from '../helpers/compare-on-pcs.ts';
import { describeOnPcs } from '../helpers/sim.ts';

const playbooks = comparedPlaybooks();
const isRefused = (name: string) => wishOf(name).refused !== undefined;
const changed = (lines: readonly string[]) => lines.some((line) => line.includes(' /srv/changed '));

it('has at least sixty playbooks to compare, and a reason for every difference', () => {
  expect(playbooks.length).toBeGreaterThanOrEqual(60);
  for (const name of playbooks)
    for (const { why } of wishOf(name).differs ?? []) expect(why, name).toMatch(/\S/);
});

describeOnPcs('a playbook run by lab play and by ansible-playbook, each on a fresh room', () => {
  it.each(playbooks.filter((name) => !isRefused(name)))(
    '%s ends in the same statuses, recap, exit code and files',
    async (name) => {
      const { ansible, lab } = withoutMeant(await compareOnPcs(name), wishOf(name).differs ?? []);
      expect(lab).toEqual(ansible);
    },
    120_000,
  );

  it.each(playbooks.filter(isRefused))(
    '%s is refused before anything is changed, which Ansible does not do',
    async (name) => {
      const { ansible, lab } = await compareOnPcs(name);
      expect(lab).toContain('exit: 3');
      expect({ lab: changed(lab), ansible: changed(ansible) }).toEqual({
        lab: false,
        ansible: true,
      });
    },
    120_000,
  );
});
