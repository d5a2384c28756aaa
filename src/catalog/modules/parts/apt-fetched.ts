import { sh } from '../../../model/command.ts';
import { ask, done, type Planned, probeScript } from '../../../model/module.ts';
import { aptOptions } from './apt-args.ts';
import { aptChanges, aptDiff, aptFailure, isAltered, outputOf } from './apt-outcome.ts';
import type { AptTask } from './apt-plan.ts';
import { aptPrelude } from './apt-run.ts';
import { lookFunction, parseDebs, predictDebs, selectDebs } from './deb-file.ts';
import { alter, fail } from './outcome.ts';

/** Plans `deb: ADDRESS`. The file is fetched each time, as by Ansible, since only it tells its version; it does not stay on the host. */
export function planFetched(task: AptTask, address: string): Planned {
  const { args, call } = task;
  const fetched = fetchScript(address);
  if (call.checkMode)
    return ask({ look: probeScript(sh`${fetched}`) }, ({ look }) => {
      if (look.exitCode !== 0) return fail(notFetched(address, look.stderr));
      const chosen = selectDebs(parseDebs(look.stdout), mayDowngrade(task));
      if ('problem' in chosen) return fail(chosen.problem);
      const changed = chosen.wanted.length > 0;
      const changes = chosen.wanted.map(({ name, version }) => `installed ${name} ${version}`);
      return done({ changed, values: task.cache, changes }, predictDebs(chosen.wanted));
    });
  return alter({
    actions: [{ kind: 'script', command: installScript(task, fetched) }],
    result: { changed: true, changes: [`installed ${address}`] },
    failure: (ran) =>
      ran.exitCode === 90
        ? notFetched(address, ran.stderr)
        : aptFailure(`apt-get install ${address}`, ran, args.lock_timeout),
    next([ran]) {
      const stdout = ran?.stdout ?? '';
      const chosen = selectDebs(parseDebs(stdout), mayDowngrade(task));
      if ('problem' in chosen) return fail(chosen.problem);
      const changed = chosen.wanted.length > 0 && isAltered(stdout);
      const values = { ...task.cache, ...(ran && outputOf(ran)) };
      const diff = call.diffMode && changed ? aptDiff(stdout) : [];
      return done({
        changed,
        values,
        ...(diff.length > 0 && { diff }),
        ...(changed && { changes: aptChanges(stdout) }),
      });
    },
  });
}

const mayDowngrade = ({ args }: AptTask) => args.allow_downgrade || args.force;

function notFetched(address: string, stderr: string): string {
  const reason = stderr
    .split('\n')
    .filter((line) => line.startsWith('E:'))
    .join(' ');
  return `Failure downloading ${address}: ${reason || stderr.trim()}`;
}

const fetchScript = (address: string) => sh`${aptPrelude}${lookFunction}
lab_folder=$(mktemp -d /var/tmp/lab-deb.XXXXXX) || exit 90
lab_end() { rm -rf "$lab_err" "$lab_folder"; }
/usr/lib/apt/apt-helper -q -o APT::Sandbox::User=root download-file ${address} "$lab_folder/package.deb" >/dev/null 2>"$lab_err" || { cat "$lab_err" >&2; exit 90; }
lab_look "$lab_folder/package.deb" || exit 90
`;

function installScript(task: AptTask, fetched: ReturnType<typeof fetchScript>) {
  const argv = ['apt-get', ...aptOptions(task.args)];
  return sh`${fetched}lab_wait=${task.args.lock_timeout}
[ "$version" != "$had" ] || exit 0
[ -z "$had" ] || [ -n ${mayDowngrade(task) ? 'yes' : ''} ] || ! dpkg --compare-versions "$version" lt "$had" || exit 0
lab_apt ${argv} install "$lab_folder/package.deb"`;
}
