import {
  ask,
  type Call,
  done,
  type ModuleResult,
  type Planned,
  probeScript,
  type Ran,
} from '../../../model/module.ts';
import { makeVars, type Value } from '../../../model/value.ts';
import { readAnswers } from './answers.ts';
import { type GitArgs, repoAddress } from './git-args.ts';
import { cloneScript, lookScript, remoteScript, updateScript } from './git-scripts.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';

type Found = ReadonlyMap<string, string>;

/** Looks at the working copy, then plans. Fetching tells whether there is anything new, so that it is done each time, as in Ansible. */
export function inspectGit(args: GitArgs, call: Call): Planned {
  return ask({ copy: probeScript(lookScript(args)) }, ({ copy }) => {
    if (copy.exitCode === 127) return withoutGit(call);
    const found = readAnswers(copy.stdout);
    if (!found.has('there'))
      return call.checkMode || !args.clone ? compare(args, found) : clone(args, found);
    if (!args.update) {
      const before = found.get('before') ?? '';
      return done({ changed: false, values: { before, after: before, warnings: [] } });
    }
    return update(args, call, found);
  });
}

function withoutGit(call: Call): Planned {
  if (!call.checkMode || !call.predictsAny('package:')) return fail('git is missing on this host');
  const note = 'git is not there yet; what is installed before may bring it';
  return done({ changed: true, changes: [note] });
}

interface Versions {
  readonly before: string | null;
  readonly after: string;
}

function valuesOf({ before, after }: Versions, more: readonly (readonly [string, Value])[] = []) {
  return makeVars([['before', before], ['after', after], ...more]);
}

/** Asks the remote alone: in check mode, and where no copy is to be made. */
function compare(args: GitArgs, found: Found): Planned {
  const before = found.get('before') ?? null;
  return ask({ remote: probeScript(remoteScript(args)) }, ({ remote }) => {
    if (remote.exitCode !== 0) return fail(complaintOf(remote));
    const after = readAnswers(remote.stdout).get('after') ?? '';
    const isMoved = found.has('there') && isOtherAddress(args, found);
    const changed = before !== after || isMoved || found.has('changes');
    const more: [string, Value][] = found.has('there') ? [['remote_url_changed', isMoved]] : [];
    const dest = found.get('dest') ?? '';
    return done(
      {
        changed,
        values: valuesOf({ before, after }, more),
        diff: changed ? [{ prepared: shownChange({ before, after }) }] : [],
        ...(changed && { changes: [`would check ${short(after)} out in ${dest}`] }),
      },
      dest === '' || found.has('there') ? [] : [{ path: dest, state: { kind: 'directory' } }],
    );
  });
}

function isOtherAddress(args: GitArgs, found: Found): boolean {
  const url = found.get('url') ?? '';
  return url !== '' && url !== repoAddress(args) && url !== args.repo;
}

function clone(args: GitArgs, found: Found): Planned {
  const result = { changed: true };
  return alter({
    actions: [script(cloneScript(args))],
    result,
    failure: complaint,
    next: ([ran]) => done(finish(args, found, ran)),
  });
}

function update(args: GitArgs, call: Call, found: Found): Planned {
  const dest = found.get('dest') ?? '';
  const before = found.get('before') ?? '';
  if (found.has('changes') && !args.force)
    return fail(`Local modifications exist in the destination: ${dest} (force=no).`, { before });
  if (call.checkMode) return compare(args, found);
  return alter({
    actions: [script(updateScript(args))],
    result: { changed: true },
    failure: complaint,
    next: ([ran]) => done(finish(args, found, ran)),
  });
}

function finish(args: GitArgs, found: Found, ran: Ran | undefined): ModuleResult {
  const told = readAnswers(ran?.stdout ?? '');
  const isThere = found.has('there');
  const before = isThere ? (found.get('before') ?? '') : null;
  const after = told.get('after') ?? '';
  const hadChanges = found.has('changes');
  const isMoved = isThere && isOtherAddress(args, found);
  const changed = before !== after || hadChanges || isMoved || told.has('submodules');
  const dest = found.get('dest') ?? '';
  const warning = told.get('warning');
  return {
    changed,
    values: valuesOf({ before, after }, [
      ...(isThere ? [['remote_url_changed', isMoved] as const] : []),
      ...(told.has('submodules') ? [['submodules_changed', true] as const] : []),
    ]),
    ...(hadChanges && { msg: `Local modifications exist in the destination: ${dest}` }),
    ...(warning !== undefined && { warnings: [warning] }),
    ...(changed && {
      diff: [{ prepared: shownChange({ before, after }) }],
      changes: [`checked ${short(after)} out in ${dest}`],
    }),
  };
}

function shownChange({ before, after }: Versions): string {
  if (before === null) return `>> Newly checked out ${after}`;
  return `>> ${before} to ${after}`;
}

function short(commit: string): string {
  return /^[0-9a-f]{40}$/.test(commit) ? commit.slice(0, 10) : commit;
}

// our own sentence comes last; what git said stands before it
function complaint(ran: Ran): string {
  const lines = ran.stderr.trim().split('\n');
  if (ran.exitCode < 72 || ran.exitCode > 74) return complaintOf(ran);
  const own = lines.pop() ?? '';
  const said = lines.filter((line) => /^(fatal|error|warning|ssh|Host|git)/i.test(line)).join(' ');
  return said === '' ? own : `${own}: ${said}`;
}
