import { quoteSh } from './command.ts';

/** Variables of a task's `environment`. */
export type Environment = { readonly [name: string]: string };

/** Writes a path as the value of an assignment: `~`, `~user`, `$NAME` and `${NAME}` are worked out as Ansible's type `path` does; unknown ones stay as they are. `environment` is the task's own. */
export function renderPath(path: string, environment: Environment): string {
  const home = /^~([A-Za-z0-9_][A-Za-z0-9_.-]*)?(?=\/|$)/.exec(path)?.[0] ?? '';
  // the shell looks a name up, in a word of its own: busybox loses what follows an unknown one
  const start = home === '~' ? variableValue('$HOME', environment) : home && `"$(echo ${home})"`;
  return start + renderVariables(path.slice(home.length), environment);
}

/** Writes a text as the value of an assignment (where a shell splits nothing) in which `$NAME` and `${NAME}` are worked out, unknown ones left as they are (Python's `os.path.expandvars`). */
export function renderVariables(text: string, environment: Environment): string {
  const parts = text.split(/(\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\}))/);
  return parts
    .map((part, index) => (index % 2 === 0 ? plain(part) : variableValue(part, environment)))
    .join('');
}

function variableValue(written: string, environment: Environment): string {
  const variable = written.replace(/[${}]/g, '');
  const own = Object.hasOwn(environment, variable) ? environment[variable] : undefined;
  return own === undefined ? `\${${variable}-'${written}'}` : quoteSh(own);
}

function plain(text: string): string {
  return text === '' ? '' : quoteSh(text);
}

/** Whether a path has to be worked out on the host before one knows what it says. */
export function isDynamicPath(path: string): boolean {
  return !path.startsWith('/') || path.includes('$');
}
