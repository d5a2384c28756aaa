import { defineModule } from '../../model/module.ts';
import { checkDnfArgs, dnfArgs } from './parts/dnf-args.ts';
import { inspectDnf } from './parts/dnf-plan.ts';

export default defineModule({
  name: 'dnf',
  collection: 'ansible.builtin',
  aliases: ['yum'],
  summary: 'Installs, upgrades and removes packages with dnf, or with yum where there is no dnf.',
  args: dnfArgs,
  isLocal: true,
  check: checkDnfArgs,
  inspect: inspectDnf,
});
