import { isLazy, type PlayValue } from '../../model/play-value.ts';
import { adopt, adoptLazy } from './adopt.ts';
import type { Context, Frame } from './context.ts';
import { callPlugin, findPlugin } from './plugin.ts';
import type { Py, Thing } from './values.ts';

/** The value of a name: of the template's own names, the variables, the globals; undefined when it is none of them. */
export function lookUp(frame: Frame, name: string): Py | undefined {
  for (let at: Frame | undefined = frame; at; at = at.parent) {
    const value = at.vars.get(name);
    if (value !== undefined) return value;
  }
  return lookUpVariable(frame.context, name);
}

/** The value of a variable or a global. */
export function lookUpVariable(on: Context, name: string): Py | undefined {
  const before = on.known.get(name);
  if (before !== undefined) return before;
  const written = on.scope.get(name);
  const value = written === undefined ? globalOf(on, name) : adoptVariable(written, name, on);
  if (value !== undefined) on.known.set(name, value);
  return value;
}

function adoptVariable(written: PlayValue, name: string, on: Context): Py {
  if (name !== 'hostvars' || !isLazy(written)) return adopt(written, on.scope, on.run);
  return adoptLazy(written, on.scope, on.run, (host) => `"hostvars['${host}']" is undefined`);
}

function globalOf(on: Context, name: string): Thing | undefined {
  const found = findPlugin(on.engine.globals, name);
  if (!found || name.includes('.')) return undefined;
  return { kind: 'thing', type: 'function', call: (args) => callPlugin(name, found, on, args) };
}
