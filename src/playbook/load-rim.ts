import type { Located } from '../model/located.ts';
import type { AnyModule } from '../model/module.ts';
import type { PlayVars, Template } from '../model/play-value.ts';
import type { Position, Problem } from '../model/problem.ts';

/** What loading a playbook needs from outside: the disk, YAML, the modules and the rules of templates. */
export interface LoadRim {
  /** Undefined when there is no such file. */
  readText(path: string): Promise<string | undefined>;
  isFolder(path: string): Promise<boolean>;
  /** Whether a regular file is there, without reading it; else `readText` is asked. */
  isFile?(path: string): Promise<boolean>;
  /** Names in a folder, sorted. */
  listFolder(path: string): Promise<readonly string[]>;
  parseYaml(
    text: string,
    file: string,
  ): { readonly root: Located | undefined; readonly problems: readonly Problem[] };
  /** By short name; aliases are found as well. */
  readonly modules: ReadonlyMap<string, AnyModule>;
  /** Absolute folders in which roles are looked for after the playbook's own. */
  readonly rolesPath: readonly string[];
  /** Syntax and names of filters, tests and lookups. */
  checkTemplate(text: string, as: 'template' | 'expression', at: Position): readonly Problem[];
  /** Names a template may look up; 'all' when nobody can tell. */
  namesIn(text: string, as: 'template' | 'expression'): ReadonlySet<string> | 'all';
  /** Throws LabError when no password fits. */
  decrypt?(vaultText: string, at: Position): string;
  /** Renders the name of an imported file with the variables that are known before any host is asked; undefined when it cannot. Without it only plain `{{ name }}` are replaced. */
  renderName?(name: Template, vars: PlayVars): string | undefined;
}

/** What a run knows before the playbook is read. */
export interface LoadSettings {
  /** `--extra-vars`. */
  readonly extraVars?: PlayVars;
}
