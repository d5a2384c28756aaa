import type { Command } from '../../../model/command.ts';
import type { ScriptAction } from '../../../model/module.ts';

/** A script as an action. */
export function script(
  command: Command,
  more: Omit<ScriptAction, 'kind' | 'command'> = {},
): ScriptAction {
  return { kind: 'script', command, ...more };
}

/** Lines for the standard input of a script; for what must not be seen in a process list. */
export function inputOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
