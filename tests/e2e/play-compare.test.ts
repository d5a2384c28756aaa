import { expect, it } from 'vitest';
import {
  comparedPlaybooks,
  compareOnPcs,
  wishOf,
  withoutMeant,
} from '../helpers/compare-on-pcs.ts';
import { describeOnPcs } from '../helpers/sim.ts';

describeOnPcs('a playbook run by lab play and by ansible-playbook, each on a fresh room', () => {
  const playbooks = comparedPlaybooks();

  it.each(playbooks)(
    '%s ends in the same statuses, recap, exit code and files',
    async (name) => {
      const { ansible, lab } = withoutMeant(await compareOnPcs(name), wishOf(name).differs ?? []);
      expect(lab).toEqual(ansible);
    },
    120_000,
  );
});
