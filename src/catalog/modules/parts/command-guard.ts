import { quoteSh } from '../../../model/command.ts';
import { renderPath } from '../../../model/host-path.ts';
import { ask, type Planned, type Probes, probePath, probeScript } from '../../../model/module.ts';

/** What keeps a command from being run. */
export interface Guard {
  readonly creates: string | undefined;
  readonly removes: string | undefined;
  readonly chdir: string | undefined;
}

/** Which of the two says that nothing is to be done, with the path as written. */
export interface Held {
  readonly by: 'creates' | 'removes';
  readonly path: string;
}

/** Looks whether `creates` is there and `removes` is not, then plans; asks nothing where neither is given. */
export function askGuard(guard: Guard, plan: (held: Held | undefined) => Planned): Planned {
  const { creates, removes } = guard;
  if (creates === undefined && removes === undefined) return plan(undefined);
  const probes: Probes = {
    ...(creates !== undefined && { creates: probeOf(creates, guard) }),
    ...(removes !== undefined && { removes: probeOf(removes, guard) }),
  };
  return ask(probes, (found) => {
    if (creates !== undefined && isThere(found['creates']))
      return plan({ by: 'creates', path: creates });
    if (removes !== undefined && !isThere(found['removes']))
      return plan({ by: 'removes', path: removes });
    return plan(undefined);
  });
}

type Answer = { readonly kind: string } | { readonly exitCode: number } | object | undefined;

function isThere(answer: Answer): boolean {
  if (answer === undefined) return false;
  if ('exitCode' in answer) return answer.exitCode === 0;
  return 'kind' in answer && answer.kind !== 'absent';
}

/** A plain path is looked at as such, so that check mode can foresee it; a pattern needs the shell. */
function probeOf(path: string, { chdir }: Guard) {
  const isRooted = /^[/~]/.test(path);
  if (!/[*?[]/.test(path))
    return probePath(isRooted || chdir === undefined ? path : `${chdir}/${path}`);
  const folder =
    chdir === undefined ? ':' : `lab_folder=${renderPath(chdir, {})}; cd "$lab_folder" || exit 1`;
  return probeScript({
    shell: 'sh',
    script: `${folder}
lab_pattern=${renderPath(path, {})}
lab_ifs=$IFS; IFS=
set -- $lab_pattern
IFS=$lab_ifs
for lab_path do if [ -e "$lab_path" ] || [ -L "$lab_path" ]; then exit 0; fi; done
exit 1`,
    shown: `test -e ${quoteSh(path)}`,
  });
}
