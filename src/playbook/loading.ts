import { LabError } from '../model/lab-error.ts';
import { type Located, positionOf } from '../model/located.ts';
import {
  isPlayMapping,
  isTemplate,
  type PlayValue,
  type PlayVars,
  textOf,
} from '../model/play-value.ts';
import type { Entry, Keywords, Role, Task } from '../model/playbook.ts';
import type { Position, Problem } from '../model/problem.ts';
import type { LoadRim } from './load-rim.ts';
import type { ModuleIndex } from './module-index.ts';
import { isVault, typePlayValue } from './type-values.ts';

/** Tells a problem at a node or a place. */
export type Report = (
  at: Located | Position,
  rule: string,
  message: string,
  hint: string,
  severity?: 'error' | 'warning',
) => void;

/** One load: what was read and found so far. */
export interface Loading {
  readonly rim: LoadRim;
  readonly modules: ModuleIndex;
  readonly extraVars: PlayVars;
  /** Folder of the first playbook; ids are relative to it. */
  readonly root: string;
  readonly problems: Problem[];
  readonly seenProblems: Set<string>;
  readonly ids: Set<string>;
  /** Files read, in order, with what was in them. */
  readonly files: Map<string, FileRead>;
  /** Where each include stands, by the task's id, for when the run comes to it. */
  readonly places: Map<string, IncludePlace>;
}

/** A file as it was read; `root` undefined: empty or broken. */
export type FileRead =
  | { readonly kind: 'missing' }
  | { readonly kind: 'read'; readonly root: Located | undefined; readonly isBroken: boolean };

/** What one play gathers while it is loaded. */
export interface PlayLoading {
  readonly loading: Loading;
  /** Folder of the play's playbook. */
  readonly folder: string;
  /** Variables of the play, for names of imported files. */
  readonly vars: PlayVars;
  readonly names: Set<string>;
  /** What nobody can tell before the run: that any fact may be looked at, that a handler may come under any name. */
  readonly doubts: { anyFact: boolean; anyHandler: boolean };
  /** Names by which handlers can be notified. */
  readonly handlerNames: Set<string>;
  readonly notified: { readonly name: string; readonly at: Position }[];
  /** Handlers that imported roles bring in. */
  readonly importedHandlers: Task[];
  /** Roles that are visible to the play's own tasks. */
  readonly roles: Role[];
  /** Includes that were looked into already. */
  readonly checked: Set<string>;
  /** Uses of roles that were loaded, by what makes two of them the same. */
  readonly rolesRun: Set<string>;
  /** Reads a list of tasks and blocks; handed down, because tasks import files of tasks. */
  readonly loadEntries: LoadEntries;
}

/** Reads a list of tasks and blocks; `what` names it in problems. */
export type LoadEntries = (node: Located, what: string, place: Place) => Promise<readonly Entry[]>;

/** Where something is read: what it inherits, and how names of files are understood there. */
export interface Place {
  readonly play: PlayLoading;
  readonly keywords: Keywords;
  readonly notify: readonly PlayValue[];
  readonly role?: Role;
  /** Roles around it, the outermost first. */
  readonly roles: readonly Role[];
  /** The file being read, absolute. */
  readonly file: string;
  readonly idPrefix: string;
  readonly isHandler: boolean;
  /** Files and roles being imported, to find circles. */
  readonly chain: readonly string[];
  /** How many includes stand around it; none when not given. */
  readonly depth?: number;
}

/** An include with what it inherits. */
export interface IncludePlace {
  readonly place: Place;
  readonly node: Located;
  /** `vars` of the include itself go down to what it brings. */
  readonly vars: PlayVars | undefined;
  readonly apply: Located | undefined;
}

/** Keeps a problem once, however often the same file is loaded. */
export function reportTo(loading: Loading): Report {
  return (at, rule, message, hint, severity = 'error') => {
    const position = 'kind' in at ? positionOf(at) : at;
    addProblem(loading, { ...position, severity, rule, path: '', message, hint });
  };
}

/** Adds a problem that was not told yet. */
export function addProblem(loading: Loading, problem: Problem): void {
  const { file, line, column, rule, message } = problem;
  const key = JSON.stringify([file, line, column, rule, message]);
  if (loading.seenProblems.has(key)) return;
  loading.seenProblems.add(key);
  loading.problems.push(problem);
}

/** Types a value, checks the templates in it and notes the names they look up. */
export function readValue(node: Located, play: PlayLoading): PlayValue {
  const value = typeNode(node, play.loading);
  seeValue(value, play);
  return value;
}

/** Types a value; vault texts that cannot be read are problems. */
export function typeNode(node: Located, loading: Loading): PlayValue {
  const { decrypt } = loading.rim;
  const report = reportTo(loading);
  return typePlayValue(node, (text, at) => {
    if (decrypt === undefined) {
      report(at, 'vault-locked', 'a value is encrypted and no vault password was given', vaultHint);
      return '';
    }
    return openVault(loading, text, at) ?? '';
  });
}

const vaultHint = 'give --vault-password-file, or --ask-vault-pass';

/** Decrypts a vault text; a problem and undefined when that fails. */
export function openVault(loading: Loading, text: string, at: Position): string | undefined {
  try {
    return loading.rim.decrypt?.(text, at);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    reportTo(loading)(at, 'vault-locked', error.message, error.hint || vaultHint);
    return undefined;
  }
}

/** Checks every template inside a value and notes the names they look up. */
export function seeValue(value: PlayValue, play: PlayLoading): void {
  if (isTemplate(value)) {
    if (value.at) seeText(textOf(value), 'template', value.at, play);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly PlayValue[]) seeValue(item, play);
  } else if (isPlayMapping(value)) {
    for (const item of Object.values(value)) seeValue(item, play);
  }
}

/** Checks one text of Jinja2. */
export function seeText(
  text: string,
  as: 'template' | 'expression',
  at: Position,
  play: PlayLoading,
): void {
  const { loading } = play;
  for (const problem of loading.rim.checkTemplate(text, as, at)) addProblem(loading, problem);
  const names = loading.rim.namesIn(text, as);
  if (names === 'all') play.doubts.anyFact = true;
  else for (const name of names) play.names.add(name);
}

/** Whether a value holds a template anywhere. */
export function holdsTemplate(value: PlayValue): boolean {
  if (isTemplate(value)) return true;
  if (Array.isArray(value)) return (value as readonly PlayValue[]).some(holdsTemplate);
  return isPlayMapping(value) && Object.values(value).some(holdsTemplate);
}

/** True for a node that is nothing at all to YAML. */
export function isNothing(node: Located): boolean {
  return node.kind === 'scalar' && !isVault(node) && typePlayValue(node) === null;
}
