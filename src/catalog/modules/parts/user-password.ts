import { sh } from '../../../model/command.ts';
import type { ScriptAction } from '../../../model/module.ts';
import { inputOf, script } from './script-action.ts';

/** Sets a crypted password without showing it to the host's process list: chpasswd(8) reads it from standard input. */
export function setPassword(name: string, crypted: string, isLocked: boolean): ScriptAction {
  return script(sh`chpasswd -e`, {
    stdin: inputOf(`${name}:${isLocked ? '!' : ''}${crypted}\n`),
  });
}

/** What is wrong with text meant as a crypted password; undefined when it looks like one, or like a lock (crypt(5)). */
export function passwordWarning(password: string | undefined): string | undefined {
  if (password === undefined) return undefined;
  const isLock =
    ['', '*', '!', 'x', '*************'].includes(password) || password.startsWith('!');
  if (isLock || /^\$[^$]+\$.+/.test(password) || /^[./0-9A-Za-z]{13}$/.test(password))
    return undefined;
  return "The input password appears not to have been hashed. The 'password' argument must be encrypted for this module to work properly.";
}
