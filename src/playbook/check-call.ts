import type { AnyModule, SourceWish } from '../model/module.ts';
import type { Work } from '../model/playbook.ts';
import type { WrittenAction } from './action.ts';
import { type CheckedArgs, checkArgs, readArgs } from './args.ts';
import { type Place, reportTo } from './loading.ts';
import { checkTemplateFile, checkVarsFile } from './look-into.ts';
import { findSource } from './source-paths.ts';
import type { WrittenArgs } from './written-args.ts';

/** Checks a call of a module as far as it can be known now: its arguments, what they are together, and the files it sends. */
export async function checkCall(
  module: AnyModule,
  given: WrittenArgs,
  action: WrittenAction,
  place: Place,
): Promise<Work> {
  const checked = checkArgs(module, given, action, place);
  const defaults = place.keywords.moduleDefaults.get(action.action.name) ?? {};
  const { read, open, isSound } = readArgs(module, checked, defaults);
  const isOpen = checked.template !== undefined;
  const isMissing = Object.entries(module.args).some(
    ([name, arg]) =>
      (arg as { required: boolean }).required && read[name] === undefined && !open.has(name),
  );
  if (isSound && !isMissing && !isOpen) {
    tellTogether(module, read, open, action, place);
    await findSources(module, read, open, action, checked, place);
  }
  await lookInside(action, checked, isOpen, place);
  return {
    kind: 'module',
    module,
    args: checked.args,
    ...(checked.template !== undefined && { argsTemplate: checked.template }),
  };
}

function tellTogether(
  module: AnyModule,
  read: Record<string, unknown>,
  open: ReadonlySet<string>,
  action: WrittenAction,
  place: Place,
): void {
  const report = reportTo(place.play.loading);
  for (const problem of module.check?.(read, (name) => !open.has(name)) ?? [])
    report(action.at, 'bad-arguments', `"${action.word}": ${problem}`, 'correct the arguments');
}

/** Thrown within `sources` when it needs what only the run knows. */
const notKnownYet = Symbol('not known yet');

function wishesOf(
  module: AnyModule,
  read: Record<string, unknown>,
  open: ReadonlySet<string>,
): { readonly [name: string]: SourceWish } {
  const args = { ...read };
  for (const name of open)
    Object.defineProperty(args, name, {
      get() {
        throw notKnownYet;
      },
    });
  try {
    return module.sources?.(args) ?? {};
  } catch (error) {
    if (error === notKnownYet) return {};
    throw error;
  }
}

async function findSources(
  module: AnyModule,
  read: Record<string, unknown>,
  open: ReadonlySet<string>,
  action: WrittenAction,
  checked: CheckedArgs,
  place: Place,
): Promise<void> {
  for (const [name, wish] of Object.entries(wishesOf(module, read, open))) {
    if (wish.optional || (await findSource(wish, place)) !== undefined) continue;
    const written = checked.written.get(name) ?? checked.written.get('src');
    const hint = `put it into ${wish.folder}/ of the ${place.role ? 'role' : 'playbook'}, or correct the name`;
    reportTo(place.play.loading)(
      written?.at ?? action.at,
      'missing-file',
      `there is no file "${wish.path}"`,
      hint,
    );
  }
}

/** Reads the templates and variables a task names, for their syntax and for the facts they look at. */
async function lookInside(
  action: WrittenAction,
  checked: CheckedArgs,
  isOpen: boolean,
  place: Place,
): Promise<void> {
  const { name } = action.action;
  if (isOpen) place.play.doubts.anyFact = true;
  if (name === 'ansible.builtin.template') await checkTemplateFile(checked, place);
  if (name === 'ansible.builtin.include_vars') await checkVarsFile(checked, place);
}
