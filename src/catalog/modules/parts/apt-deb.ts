import { sh } from '../../../model/command.ts';
import { ask, done, type Planned, probeScript } from '../../../model/module.ts';
import { isPresent } from './apt-args.ts';
import { planFetched } from './apt-fetched.ts';
import { type AptTask, planAptCall } from './apt-plan.ts';
import { lookFunction, parseDebs, predictDebs, selectDebs } from './deb-file.ts';
import { fail } from './outcome.ts';

/** Plans `deb:`: paths on the host with commas between them, or an address that is fetched there by apt's own helper. */
export function planDeb(task: AptTask, deb: string): Planned {
  const { args } = task;
  if (!isPresent(args.state)) return fail('deb only supports state=present');
  if (deb.includes('://')) return planFetched(task, deb);
  const files = deb.split(',').map((item) => item.trim());
  const look = sh`${lookFunction}for f in ${files}; do
  case $f in '~/'*) f=$HOME/$(echo "$f" | cut -c 3-) ;; esac
  lab_look "$f" || exit 1
done`;
  return ask({ debs: probeScript(look) }, ({ debs }) => {
    if (debs.exitCode !== 0) return fail(`Unable to install package: ${debs.stderr.trim()}`);
    const chosen = selectDebs(parseDebs(debs.stdout), args.allow_downgrade || args.force);
    if ('problem' in chosen) return fail(chosen.problem);
    if (chosen.wanted.length === 0) return done({ changed: false, values: task.cache });
    return planAptCall(task, {
      words: ['install', ...chosen.wanted.map(({ file }) => file)],
      predict: predictDebs(chosen.wanted),
      proveInstalled: chosen.wanted.map(({ name, architecture }) =>
        architecture === 'all' ? name : `${name}:${architecture}`,
      ),
    });
  });
}
