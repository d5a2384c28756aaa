import { type Script, sh } from '../../../model/command.ts';
import {
  ask,
  type Call,
  done,
  type PathState,
  type Planned,
  probePath,
  probeScript,
} from '../../../model/module.ts';
import { applyAttributes } from './apply-attributes.ts';
import type { CopyArgs } from './copy-args.ts';
import { pathValues } from './file-result.ts';
import { type Ids, lookUpIds } from './look-up-ids.ts';
import { alter } from './outcome.ts';
import { attributeTrouble } from './path-attributes.ts';
import { baseOf, joinPath } from './paths.ts';
import { script } from './script-action.ts';

type HostCopy = CopyArgs & { readonly src: string };

interface Work {
  readonly args: HostCopy;
  readonly call: Call;
  readonly from: string;
  /** The copy's own place, and the folder whose attributes are set . */
  readonly to: string;
  readonly base: string;
}

/** Copies a folder of the host: what is in it when `src` ends in `/`, else the folder itself into `dest`. Files keep their bits; only what differs is copied. */
export function copyFolderOnHost(
  args: HostCopy,
  src: PathState,
  dest: PathState,
  call: Call,
): Planned {
  const from = src.path.replace(/\/+$/, '');
  const written = dest.path.replace(/\/+$/, '');
  const to = args.src.endsWith('/') ? written : joinPath(written, baseOf(from));
  // a folder that was there keeps its owner and bits: they are wished for what comes into it
  const base = dest.kind === 'absent' ? written : to;
  const work = { args, call, from, to, base };
  return ask({ differences: probeScript(compareScript(work)) }, ({ differences }) => {
    const found = differences.stdout.split('\n').filter(Boolean);
    return lookUpIds([], args, call, (ids) => plan(work, found, ids));
  });
}

// prints one line for each entry that is missing or differs: what to copy, and where to
function compareScript({ args, from, to }: Work) {
  const { owner = '', group = '' } = args;
  return sh`from=${from} to=${to} owner=${owner} group=${group}
if [ ! -d "$to" ]; then echo all; exit; fi
diff -rq -- "$from" "$to" | while IFS= read -r line; do
case $line in "Only in $to"*) ;; "Only in $from"*|Files*) echo some; break ;; esac
done
[ -z "$owner" ] || find "$to" ! -user "$owner" | head -n 1 | sed s/.*/owner/
[ -z "$group" ] || find "$to" ! -group "$group" | head -n 1 | sed s/.*/group/`;
}

const copyLines: Script = {
  script: `umask 000
mkdir -p -- "$to" || exit 1
cd "$from" || exit 1
find . | while IFS= read -r name; do
old=$to/$name
if [ -L "$name" ]; then
  [ -L "$old" ] && [ "$(readlink "$old")" = "$(readlink "$name")" ] || { rm -f -- "$old"; cp -P -- "$name" "$old" || exit 1; }
elif [ -d "$name" ]; then
  [ -d "$old" ] || { mkdir -- "$old" && chmod -- "$(stat -c %a -- "$name")" "$old" || exit 1; }
elif [ -f "$name" ]; then
  [ -f "$old" ] && cmp -s -- "$name" "$old" || { cp -- "$name" "$old" && chmod -- "$(stat -c %a -- "$name")" "$old" || exit 1; }
fi
done || exit 1`,
};

function plan(work: Work, found: readonly string[], ids: Ids): Planned {
  const { args, call, from, to, base } = work;
  if (found.length === 0) return setTop(work, false);
  const { owner = '', group = '' } = args;
  const copies = found.includes('all') || found.includes('some');
  const actions = [
    ...(copies
      ? [
          script(sh`from=${from} to=${to}
${copyLines}`),
        ]
      : []),
    ...(owner === '' ? [] : [script(sh`chown -R -h -- ${owner} ${to} || exit 61`)]),
    ...(group === '' ? [] : [script(sh`chgrp -R -h -- ${group} ${to} || exit 62`)]),
  ];
  return alter({
    actions,
    result: {
      changed: true,
      values: { dest: base, src: args.src },
      changes: [copies ? `copy what differs from ${from} to ${to}` : `owner and group of ${to}`],
      ...(ids.warnings && { warnings: ids.warnings }),
    },
    predict: [
      { path: to, state: { kind: 'directory' } },
      { path: base, state: { kind: 'directory' } },
    ],
    failureValues: () => ({}),
    failure: (ran) => attributeTrouble(ran, args),
    next: () => (call.checkMode ? done({ changed: true }) : setTop(work, true)),
  });
}

function setTop({ args, call, base }: Work, changed: boolean): Planned {
  const wish = { ...args, mode: args.mode === 'preserve' ? undefined : args.mode };
  return ask({ top: probePath(base, { follow: true }) }, ({ top }) =>
    applyAttributes({
      state: top,
      wish,
      call,
      result: ({ facts, plan: attributes }) => ({
        changed: changed || attributes.changed,
        values: { dest: base, src: args.src, checksum: null, ...pathValues(facts) },
        changes: attributes.changes.map((change) => `${base}: ${change}`),
      }),
    }),
  );
}
