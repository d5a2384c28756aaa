import { quoteSh } from '../../../model/command.ts';
import { renderPath } from '../../../model/host-path.ts';
import { ask, type Planned, type Probes, probePath, probeScript } from '../../../model/module.ts';

/** What keeps a command from being run. */
export interface Guard {
  readonly creates: string | undefined;
  readonly removes: string | undefined;
  readonly chdir: string | undefined;
  /** `*`, `?` and `[` in the two are no patterns. */
  readonly isPlain?: boolean;
}

/** Which of the two says that nothing is to be done, with the path as written. */
export interface Held {
  readonly by: 'creates' | 'removes';
  readonly path: string;
}

/** The folder to run in cannot be gone into, with Python's number and words for it. */
export interface NoFolder {
  readonly code: number;
  readonly why: string;
}

/** Looks whether `creates` is there and `removes` is not, then plans; asks nothing where neither is given. */
export function askGuard(guard: Guard, plan: (held: Held | undefined) => Planned): Planned {
  const { creates, removes } = guard;
  if (creates === undefined && removes === undefined) return plan(undefined);
  return ask(probesOf(guard), (found) => plan(heldBy(guard, found)));
}

/** The same for modules that go into the folder first: it must be there even where nothing is run. */
export function askGuardAndFolder(
  guard: Guard & { readonly chdir: string },
  plan: (held: Held | NoFolder | undefined) => Planned,
): Planned {
  const folder = probePath(guard.chdir, { follow: true });
  return ask({ folder, ...probesOf(guard) }, (found) => {
    const { kind } = found.folder;
    if (kind === 'absent') return plan({ code: 2, why: 'No such file or directory' });
    if (kind !== 'directory') return plan({ code: 20, why: 'Not a directory' });
    return plan(heldBy(guard, found));
  });
}

function probesOf({ creates, removes, ...rest }: Guard): Probes {
  return {
    ...(creates !== undefined && { creates: probeOf(creates, rest) }),
    ...(removes !== undefined && { removes: probeOf(removes, rest) }),
  };
}

function heldBy(
  { creates, removes }: Guard,
  found: { readonly [name: string]: Answer },
): Held | undefined {
  if (creates !== undefined && isThere(found['creates'])) return { by: 'creates', path: creates };
  if (removes !== undefined && !isThere(found['removes'])) return { by: 'removes', path: removes };
  return undefined;
}

type Answer = { readonly kind: string } | { readonly exitCode: number } | object | undefined;

function isThere(answer: Answer): boolean {
  if (answer === undefined) return false;
  if ('exitCode' in answer) return answer.exitCode === 0;
  return 'kind' in answer && answer.kind !== 'absent';
}

/** A plain path is looked at as such, so that check mode can foresee it; a pattern needs the shell. */
function probeOf(path: string, { chdir, isPlain }: Pick<Guard, 'chdir' | 'isPlain'>) {
  const isRooted = /^[/~]/.test(path);
  if (isPlain || !/[*?[]/.test(path))
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
