import { defineModule } from '../../model/module.ts';
import { aptArgs, checkAptArgs } from './parts/apt-args.ts';
import { inspectApt } from './parts/apt-inspect.ts';

export default defineModule({
  name: 'apt',
  collection: 'ansible.builtin',
  summary: 'Installs, upgrades and removes packages with apt-get, and brings its lists up to date.',
  args: aptArgs,
  isLocal: true,
  check: checkAptArgs,
  inspect: inspectApt,
});
