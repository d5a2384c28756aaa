import {
  type Act,
  type Action,
  done,
  type ModuleResult,
  type Prediction,
  type Ran,
} from '../../../model/module.ts';
import type { Vars } from '../../../model/value.ts';
import { aptFailure } from './apt-outcome.ts';
import { aptUpdateScript } from './apt-run.ts';
import { alter, complaintOf, fail } from './outcome.ts';
import { script } from './script-action.ts';
import { removeSmallFile, writeSmallFile } from './small-file.ts';
import type { SourcesChange } from './sources-list.ts';

/** Files of sources to be altered, and what is to be said of it. */
export interface SourcesWish {
  readonly changes: readonly SourcesChange[];
  readonly mode?: string | undefined;
  readonly update_cache: boolean;
  readonly update_cache_retries: number;
  readonly update_cache_retry_max_delay: number;
  readonly values: Vars;
  readonly diffMode: boolean;
}

/** Writes files of sources and brings the lists up to date; when that fails the files become what they were, as with Ansible. */
export function planSources(wish: SourcesWish): Act {
  const { changes, values } = wish;
  const write = changes.map((change) => writeAction(change.path, change.after, wish.mode));
  const update = wish.update_cache ? [updateAction(wish)] : [];
  const result: ModuleResult = {
    changed: true,
    values,
    ...(wish.diffMode && { diff: changes.map(diffOf) }),
    changes: changes.map(({ path, before, after }) => {
      const word = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
      return `${word} ${path}`;
    }),
  };
  return {
    kind: 'act',
    actions: [...write, ...update],
    expected: result,
    predict: changes.flatMap(predictSource),
    read(ran) {
      const broken = ran.slice(0, write.length).find(({ exitCode }) => exitCode !== 0);
      if (broken !== undefined) return fail(complaintOf(broken));
      const updated = ran[write.length];
      return updated === undefined || updated.exitCode === 0
        ? done(result)
        : undo(changes, updated);
    },
  };
}

function undo(changes: readonly SourcesChange[], updated: Ran): Act {
  const reason = `Failed to update apt cache: ${aptFailure('apt-get update', updated, 60)}`;
  return alter({
    actions: changes.map(({ path, before }) => writeAction(path, before, undefined)),
    result: { changed: false, failed: true, msg: reason },
  });
}

function writeAction(path: string, text: string | undefined, mode: string | undefined): Action {
  return script(text === undefined ? removeSmallFile(path) : writeSmallFile({ path, text, mode }));
}

function updateAction(wish: SourcesWish): Action {
  return {
    ...script(
      aptUpdateScript({
        lockTimeout: 60,
        retries: wish.update_cache_retries,
        maxDelay: wish.update_cache_retry_max_delay,
      }),
    ),
    mayFail: true,
  };
}

function diffOf({ path, before, after }: SourcesChange) {
  return {
    before: before ?? '',
    after: after ?? '',
    beforeHeader: before === undefined ? '/dev/null' : path,
    afterHeader: after === undefined ? '/dev/null' : path,
  };
}

function predictSource({ path, after }: SourcesChange): Prediction[] {
  return [
    { thing: `apt-source:${path}`, present: after !== undefined },
    { path, state: { kind: after === undefined ? 'absent' : 'file' } },
  ];
}
