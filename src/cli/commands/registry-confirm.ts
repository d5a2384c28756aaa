import { foldNames } from '../../model/host-names.ts';
import { LabError } from '../../model/lab-error.ts';
import { makeEntry } from '../../registry/reconcile.ts';
import { registrationOf } from '../../registry/registration.ts';
import { readRemarks, showRows } from '../change-register.ts';
import { defineCommand } from '../define-command.ts';
import { selectTargets } from '../load-hosts.ts';
import { holdRegistry } from '../open-registry.ts';
import { remarkFlags, textOf } from '../registry-flags.ts';

export default defineCommand({
  syntax: 'registry confirm <pattern>',
  summary: 'File that the owners of these hosts were asked and still answer for them (yearly)',
  options: [['--owner-id <id>', 'only hosts of this person'], ...remarkFlags],
  families: ['inventory', 'output', 'project'],
  examples: [
    'registry confirm lab_a',
    'registry confirm all --owner-id 0117 --reason 2026年度核对',
  ],
  async run(context, [pattern], options) {
    const remarks = readRemarks(options);
    const ownerId = textOf(options, 'ownerId');
    const registry = await holdRegistry(context);
    const chosen = selectTargets(context, registry.loaded.inventory, String(pattern)).filter(
      ({ owner }) => ownerId === undefined || owner.id === ownerId,
    );
    if (chosen.length === 0)
      throw new LabError('usage', `no host of ${pattern} belongs to ${ownerId}`, '');
    const unowned = chosen.filter(({ owner, status }) => owner.name === '' && status === 'active');
    if (unowned.length > 0)
      throw new LabError(
        'refused',
        `nobody answers for ${foldNames(unowned.map(({ name }) => name))}; nothing was filed`,
        'register them first, or narrow the pattern',
      );
    const entries = chosen
      .filter(({ owner }) => owner.name !== '')
      .map((host) => {
        const state = registrationOf(host);
        const said = { host: host.name, before: state, after: state, ...remarks };
        return makeEntry(registry.occasion, 'confirm', said);
      });
    await showRows(context, await registry.save([], entries));
    return 0;
  },
});
