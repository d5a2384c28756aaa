import { isTemplate, type PlayValue, textOf } from '../../model/play-value.ts';
import type { Task } from '../../model/playbook.ts';
import { TemplateError } from '../../model/template-error.ts';
import type { ItemEnd } from './item-end.ts';
import { type HostRun, type PlayRun, playOf } from './play-run.ts';

/** Notes which handlers a changed task notified on a host; answers what is wrong when one does not exist. The last handler of a name wins, topics reach all that listen. */
export function notify(
  run: PlayRun,
  host: HostRun,
  task: Task,
  items: readonly ItemEnd[],
): string | undefined {
  if (task.notify.length === 0) return undefined;
  const names = new Set(items.flatMap((item) => item.fields.notify));
  for (const name of names) {
    const named = findNamed(run, host, name);
    const listening = run.handlers.filter(({ listen }) => listen.includes(name));
    const meant = named ? [named, ...listening] : listening;
    if (meant.length === 0)
      return `The requested handler '${name}' was not found in either the main handlers list nor in the listening handlers list`;
    for (const handler of meant) {
      const hosts = notifiedOf(run, handler);
      run.notified.set(keyOf(handler), hosts.add(host.name));
    }
  }
  return undefined;
}

/** The hosts on which a handler is to run. */
export function notifiedOf(run: PlayRun, handler: Task): Set<string> {
  return run.notified.get(keyOf(handler)) ?? new Set();
}

/** Adds the handlers of an included role, which are the latest ones then, also where they were there before. */
export function addHandlers(run: PlayRun, handlers: readonly Task[]): void {
  const last = run.handlers.slice(-handlers.length);
  const areLast = last.every((one, at) => handlers[at] && keyOf(handlers[at]) === keyOf(one));
  if (handlers.length > 0 && !(areLast && last.length === handlers.length))
    run.handlers.push(...handlers);
}

// a role that is used twice with the same variables has its handlers once
function keyOf(handler: Task): Task | string {
  const { role, at } = handler;
  return role ? `${useOf(handler)} ${at.file}:${at.line}` : handler;
}

/** Which use of a role a handler belongs to; '' for those of the play itself. */
function useOf({ role, keywords }: Task): string {
  if (!role) return '';
  const { onceKey = 'included', path, params, entryVars } = role;
  return JSON.stringify([onceKey, path, params, entryVars, keywords.vars], (_, value: unknown) =>
    isTemplate(value) ? `{{${textOf(value)}` : value,
  );
}

// the handlers that were loaded last are asked first; among those of one role or play the first of a name counts
function findNamed(run: PlayRun, host: HostRun, name: string): Task | undefined {
  const { handlers } = run;
  let last = handlers.findLastIndex((handler) => namesOf(run, host, handler).includes(name));
  const found = handlers[last];
  const use = found ? useOf(found) : '';
  for (let at = last - 1; at >= 0; at--) {
    const handler = handlers[at];
    if (!handler || useOf(handler) !== use) break;
    if (namesOf(run, host, handler).includes(name)) last = at;
  }
  return handlers[last];
}

function namesOf(run: PlayRun, host: HostRun, { name, role }: Task): readonly string[] {
  const text = nameText(run, host, name);
  if (text === undefined) return [];
  return role ? [text, `${role.name} : ${text}`] : [text];
}

function nameText(run: PlayRun, host: HostRun, name: PlayValue | undefined): string | undefined {
  if (name === undefined || typeof name === 'string') return name;
  try {
    const scope = run.rim.makeScope({ run: run.state, host: host.memory, play: playOf(run, host) });
    return String(run.rim.templar.render(name, scope));
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}
