import { sh } from '../../../model/command.ts';
import {
  ask,
  type Call,
  type Diff,
  done,
  type ModuleResult,
  type PathState,
  type Planned,
  probePath,
} from '../../../model/module.ts';
import { makeVars, type Vars } from '../../../model/value.ts';
import { type PathFacts, pathValues } from './file-result.ts';
import { lookThrough } from './look-through.ts';
import { type Ids, lookUpIds } from './look-up-ids.ts';
import { makeFolders, predictFolders } from './make-folders.ts';
import { mayCome, mayComeNote } from './may-come.ts';
import { alter, fail } from './outcome.ts';
import {
  type AttributePlan,
  type AttributeWish,
  attributeTrouble,
  factsOf,
  planAttributes,
} from './path-attributes.ts';
import { parentsOf } from './paths.ts';
import { script } from './script-action.ts';
import { binaryOf, bytesOf, shownText } from './text-lines.ts';
import { describeWrite, type LeftFile, writeFile } from './write-file.ts';

/** What an edit makes of a file: text of one character per byte. */
export interface Edited {
  readonly text: string;
  readonly changed: boolean;
  readonly msg: string;
  /** Further return values. */
  readonly values?: Vars;
  readonly warnings?: readonly string[];
}
export type Editing = Edited | { readonly failed: string; readonly values?: Vars };

/** A file that is read, edited on the controller and replaced when its text differs. */
export interface FileEdit {
  readonly path: string;
  readonly wish: AttributeWish;
  readonly call: Call;
  /** Makes a file that is not there, and the folders above it. */
  readonly create: boolean;
  readonly backup: boolean;
  readonly validate: string | undefined;
  readonly unsafeWrites: boolean;
  /** Says nothing of owner and bits in its sentence, and returns what the file is like (`ini_file`). */
  readonly quiet?: true;
  /** `undefined` for a file that is not there. */
  edit(text: string | undefined): Editing;
  /** What is returned beside Ansible's usual; `backup` is the copy of the old file. */
  values?(backup: string | undefined): Vars;
  /** What to answer for a file that is not there and is not to be made. */
  missing(path: string): ModuleResult;
}

/** The largest file that is edited. */
export const maxEditBytes = 8 * 1024 * 1024;

/** Edits a file; symbolic links are followed, so that what they lead to is edited. */
export function editFile(edit: FileEdit): Planned {
  const more = { contentUpTo: maxEditBytes };
  return ask({ found: probePath(edit.path, more) }, ({ found }) =>
    lookThrough(found, more, ({ end }) =>
      end
        ? editEnd(edit, found.path, end)
        : fail(`${found.path} is a link to nothing`, { rc: 257 }),
    ),
  );
}

function editEnd(edit: FileEdit, written: string, end: PathState): Planned {
  if (end.kind === 'directory') return fail(`Path ${written} is a directory !`, { rc: 256 });
  if (end.kind === 'absent') return edit.create ? create(edit, end) : miss(edit, written);
  if (end.content !== undefined) return plan(edit, end, binaryOf(end.content), []);
  if (end.predicted) return foresee(edit, end);
  return end.size > maxEditBytes
    ? fail(`${end.path} is larger than ${maxEditBytes} bytes and is not edited`)
    : fail(`${end.path} cannot be read`);
}

function miss(edit: FileEdit, path: string): Planned {
  const result = edit.missing(path);
  if (result.failed !== true || !mayCome(edit.call, path)) return done(result);
  return done({ changed: true, msg: '', warnings: [mayComeNote(path)] });
}

// check mode knows that the file would be there by now, but not what is in it
function foresee({ call }: FileEdit, end: PathState): Planned {
  const note = `${end.path} would be made by an earlier task; what is in it is not known yet`;
  return done({ changed: call.checkMode, msg: '', warnings: [note] });
}

function create(edit: FileEdit, found: PathState): Planned {
  const above = parentsOf(found.path);
  const probes = Object.fromEntries(above.map((path) => [path, probePath(path, { follow: true })]));
  return ask(probes, (states) => {
    const missing = above.filter((path) => states[path]?.kind === 'absent');
    return plan(edit, found, undefined, missing);
  });
}

function plan(
  edit: FileEdit,
  found: PathState,
  old: string | undefined,
  missing: string[],
): Planned {
  const edited = edit.edit(old);
  if ('failed' in edited) return fail(edited.failed, edited.values);
  const work = { edit, found, old, edited, missing };
  return lookUpIds([found], edit.wish, edit.call, (ids) =>
    edited.changed ? replace(work, ids) : keep(work, ids),
  );
}

interface Work {
  readonly edit: FileEdit;
  readonly found: PathState;
  readonly old: string | undefined;
  readonly edited: Edited;
  readonly missing: readonly string[];
}

const attributesChanged = 'ownership, perms or SE linux context changed';

function keep({ edit, found, edited }: Work, ids: Ids): Planned {
  const { wish } = edit;
  if (found.kind === 'absent') return done(resultOf({ edit, edited }, undefined, edited.msg, []));
  const attributes = planAttributes(factsOf(found), wish, ids);
  const msg = attributes.changed && !edit.quiet ? edited.msg + attributesChanged : edited.msg;
  const result: ModuleResult = {
    ...resultOf(
      { edit, edited, facts: attributes.facts },
      undefined,
      msg,
      attributeDiffs(edit, attributes),
    ),
    changed: attributes.changed,
    changes: attributes.changes.map((change) => `${found.path}: ${change}`),
    ...(ids.warnings && { warnings: ids.warnings }),
  };
  if (!attributes.script) return done(result);
  return alter({
    actions: [
      script(sh`lab_path=${found.path}
${attributes.script}`),
    ],
    result,
    predict: [{ path: found.path, state: attributes.facts }],
    failureValues: () => ({}),
    failure: (ran) => attributeTrouble(ran, wish),
  });
}

function replace({ edit, found, old, edited, missing }: Work, ids: Ids): Planned {
  const { call, wish, validate } = edit;
  const content = { bytes: bytesOf(edited.text) };
  const isNew = found.kind === 'absent';
  const fresh = { ...factsOf(found), kind: 'file' as const, mode: 0o666 & ~(ids.umask ?? 0o022) };
  const user = call.user ?? 'root';
  const base = isNew ? { ...fresh, owner: user, group: user } : factsOf(found);
  const attributes = planAttributes(base, wish, ids);
  const alsoAttributes = attributes.changed && !edit.quiet && !(isNew && call.checkMode);
  const msg = alsoAttributes ? `${edited.msg} and ${attributesChanged}` : edited.msg;
  const diff = call.diffMode
    ? [
        contentDiffOf(edit.path, old ?? '', edited.text),
        ...(isNew ? [] : attributeDiffs(edit, attributes)),
      ]
    : [];
  const folders = { paths: missing, wish: {}, ids, call };
  return writeFile({
    dest: found,
    content,
    ...{ wish, ids, call, validate, backup: edit.backup, unsafeWrites: edit.unsafeWrites },
    before: makeFolders(folders),
    predict: predictFolders(folders),
    result: (left: LeftFile) => ({
      ...resultOf({ edit, edited, facts: left.facts }, left.backup, msg, diff),
      changed: true,
      changes: [describeWrite(found.path, left)],
    }),
    invalid: (ran) => ({
      changed: false,
      failed: true,
      msg: `failed to validate: rc:${ran.exitCode} error:${ran.stderr}`,
    }),
  });
}

function resultOf(
  { edit, edited, facts }: Pick<Work, 'edit' | 'edited'> & { readonly facts?: PathFacts },
  backup: string | undefined,
  msg: string,
  diff: readonly Diff[],
): ModuleResult {
  return {
    changed: edited.changed,
    msg,
    values: makeVars([
      ...Object.entries(edited.values ?? {}),
      ...Object.entries(edit.values?.(backup) ?? {}),
      ...(edit.quiet && facts ? Object.entries(pathValues(facts)) : []),
    ]),
    ...(diff.length > 0 && { diff }),
    ...(edited.warnings && { warnings: edited.warnings }),
  };
}

function contentDiffOf(path: string, before: string, after: string): Diff {
  const header = `${path} (content)`;
  return {
    before: shownText(before),
    after: shownText(after),
    beforeHeader: header,
    afterHeader: header,
  };
}

function attributeDiffs({ path, call }: FileEdit, attributes: AttributePlan): Diff[] {
  if (!call.diffMode || !attributes.changed) return [];
  const header = `${path} (file attributes)`;
  return [{ ...attributes.diff(path), beforeHeader: header, afterHeader: header }];
}
