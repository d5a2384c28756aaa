import { sh } from '../../../model/command.ts';
import {
  ask,
  type ModuleResult,
  type Planned,
  probePath,
  type Ran,
} from '../../../model/module.ts';
import { makeVars, type Value } from '../../../model/value.ts';
import { applyAttributes } from './apply-attributes.ts';
import { type Downloaded, readDownload } from './download-script.ts';
import { pathValues } from './file-result.ts';
import { findChecksum, urlName } from './get-url-args.ts';
import { elapsedOf, failed, isFile, resultValues, type Work, warningsOf } from './get-url-work.ts';
import { lookThrough } from './look-through.ts';
import { lookUpIds } from './look-up-ids.ts';
import { joinPath } from './paths.ts';
import { script } from './script-action.ts';
import { describeWrite, writeFile } from './write-file.ts';

/** Ends a task whose file the server has no newer one of. What it did not send again gets its owner and bits all the same. */
export function unmodified(work: Work, ran: Ran): Planned {
  const { status, reason } = readDownload(ran.stdout);
  const { args, call, dest } = work;
  return applyAttributes({
    state: dest,
    wish: args,
    call,
    result: ({ facts, plan }) => ({
      changed: plan.changed,
      msg: `HTTP Error ${status}: ${reason || 'Not Modified'}`,
      values: resultValues(work, dest.path, {
        ...pathValues(facts),
        ...{ status_code: status, elapsed: elapsedOf(ran) },
      }),
      changes: plan.changes.map((change) => `${dest.path}: ${change}`),
    }),
  });
}

/** Decides what becomes of what was fetched. */
export function judge(work: Work, temp: string, ran: Ran): Planned {
  const { args } = work;
  const answer = readDownload(ran.stdout);
  const drop = (planned: Planned): Planned => discard(temp, planned);
  if (answer.status === 304) return drop(unmodified(work, ran));
  const isWeb = /^https?:/.test(args.url);
  if (isWeb && answer.status !== 200) {
    const response = `HTTP Error ${answer.status}: ${answer.reason}`;
    return drop(
      failed(work, 'Request failed', {
        status_code: answer.status,
        response,
        elapsed: elapsedOf(ran),
      }),
    );
  }
  const sums = sumsOf(work, ran.stdout);
  if ('problem' in sums) return drop(failed(work, sums.problem));
  const path = work.isFolder ? joinPath(work.dest.path, nameOf(answer, args.url)) : work.dest.path;
  return ask({ dest: probePath(path, { checksum: 'sha1' }) }, ({ dest }) =>
    lookThrough(dest, { checksum: 'sha1' }, ({ end }) => {
      const found = end ?? dest;
      if (found.kind === 'directory') return drop(failed(work, `${path} is a folder`));
      const got = {
        ...work,
        dest: found,
        answer,
        sha1: sums.sha1,
        size: sums.size,
        elapsed: elapsedOf(ran),
      };
      return isFile(found) && found.checksum === sums.sha1 ? drop(settle(got)) : install(got, temp);
    }),
  );
}

interface Got extends Work {
  readonly answer: Downloaded;
  readonly sha1: string;
  readonly size: number;
  readonly elapsed: number;
}

function sumsOf(
  { args, wanted }: Work,
  stdout: string,
): { readonly sha1: string; readonly size: number } | { readonly problem: string } {
  const field = (name: string) => new RegExp(`^lab-${name}:(\\S*)`, 'm').exec(stdout)?.[1] ?? '';
  const list = stdout.slice(stdout.indexOf('lab-list:\n') + 'lab-list:\n'.length);
  const hex = wanted && ('hex' in wanted ? wanted.hex : findChecksum(list, urlName(args.url)));
  if (wanted && 'url' in wanted && hex === undefined)
    return {
      problem: `Unable to find a checksum for file '${urlName(args.url)}' in '${wanted.url}'`,
    };
  const sum = field('sum');
  if (hex !== undefined && hex !== sum)
    return { problem: `The checksum for ${args.dest} did not match ${hex}; it was ${sum}.` };
  return { sha1: field('sha1'), size: Number(field('size')) };
}

function nameOf({ disposition, url }: Downloaded, written: string): string {
  const [, given = ''] = /^attachment; ?filename="?([^"]+)/.exec(disposition) ?? [];
  const name = given.slice(given.lastIndexOf('/') + 1);
  return name !== '' && name !== '.' && name !== '..' ? name : urlName(url || written);
}

function discard(temp: string, planned: Planned): Planned {
  return {
    kind: 'act',
    actions: [script(sh`rm -f -- ${temp}`)],
    expected: { changed: false },
    read: () => planned,
  };
}

function settle(got: Got): Planned {
  const { args, call, dest } = got;
  return applyAttributes({
    state: dest,
    wish: args,
    call,
    result: ({ facts, plan }) => ({
      ...answerOf(got, dest.path, pathValues(facts)),
      changed: plan.changed,
      changes: plan.changes.map((change) => `${dest.path}: ${change}`),
    }),
  });
}

function answerOf(got: Got, dest: string, facts: { readonly [name: string]: Value }): ModuleResult {
  const { answer, sha1, size, elapsed } = got;
  const warnings = warningsOf(got);
  const before = got.dest.checksum === '' ? null : got.dest.checksum;
  return {
    changed: false,
    msg: `OK (${answer.length ?? size} bytes)`,
    values: resultValues(got, dest, {
      ...{ ...facts, checksum_src: sha1, checksum_dest: before, elapsed },
      ...(answer.status > 0 && { status_code: answer.status }),
    }),
    ...(warnings.length > 0 && { warnings }),
  };
}

function install(got: Got, temp: string): Planned {
  const { args, call, dest, sha1, size } = got;
  return lookUpIds([dest], args, call, (ids) =>
    writeFile({
      dest,
      content: { made: { script: sh`mv -f -- ${temp} "$lab_new"`.script }, size, sha1 },
      ...{ wish: args, ids, call, backup: args.backup, unsafeWrites: args.unsafe_writes },
      result: (left) => {
        const result = answerOf(got, dest.path, pathValues(left.facts));
        const backup = left.backup === undefined ? {} : { backup_file: left.backup };
        return {
          ...result,
          changed: true,
          values: makeVars(Object.entries({ ...result.values, ...backup })),
          changes: [`fetch ${args.url}`, describeWrite(dest.path, left)],
        };
      },
    }),
  );
}
