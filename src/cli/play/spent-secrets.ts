import { LabError } from '../../model/lab-error.ts';
import { resumesKey } from '../../store/play-journal.ts';
import type { Invocation, Store } from '../../store/store.ts';
import type { Context } from '../context.ts';
import { loadExtraVars } from '../load-extra-vars.ts';
import { holdsSecrets } from './known-secrets.ts';

/** The option under which a kept invocation names variables whose values it does not hold any more; no flag of any command. */
const withheldKey = 'withheldVars';

/** A run that came to its end cannot be gone on with: words of `--extra-vars` with secrets are taken out of how it was asked for, and out of the runs it went on with. */
export async function forgetSecrets(context: Context, store: Store, run: string): Promise<void> {
  const seen = new Set<string>();
  for (let each: unknown = run; typeof each === 'string' && !seen.has(each); ) {
    seen.add(each);
    const invocation = store.loadInvocation(each);
    const spent = invocation && (await withoutSecrets(context, invocation));
    if (spent) store.saveInvocation(each, spent);
    each = invocation?.options[resumesKey];
  }
}

async function withoutSecrets(
  { flags, io }: Context,
  invocation: Invocation,
): Promise<Invocation | undefined> {
  const kept: string[] = [];
  const names: string[] = [];
  for (const word of wordsOf(invocation.options['extraVars'])) {
    // what is encrypted in a word may stay in it
    const vars = word.trim().startsWith('@')
      ? {}
      : await loadExtraVars({ flags: { ...flags, extraVars: [word] }, io }, { decrypt: () => '' });
    if (holdsSecrets(vars)) names.push(...Object.keys(vars));
    else kept.push(word);
  }
  if (names.length === 0) return undefined;
  return {
    ...invocation,
    options: { ...invocation.options, extraVars: kept, [withheldKey]: [...new Set(names)] },
  };
}

/** How an ended run was asked for, with the variables that are given now; throws LabError 'usage' where one is missing that was not kept. */
export async function withVars(
  { flags, io }: Pick<Context, 'flags' | 'io'>,
  run: string,
  invocation: Invocation,
): Promise<Invocation> {
  const { [withheldKey]: withheld, ...options } = invocation.options;
  const given = flags.extraVars ?? [];
  if (given.length > 0 && invocation.command !== 'play')
    throw new LabError('usage', `the run ${run} is no playbook run`, 'leave --extra-vars out');
  const known = await loadExtraVars({ flags, io }, { decrypt: () => '{}' });
  const missing = wordsOf(withheld).filter((name) => !Object.hasOwn(known, name));
  if (missing.length > 0)
    throw new LabError(
      'usage',
      `the run ${run} was given ${missing.join(', ')} by --extra-vars; with a secret among them they are not kept once a run has ended`,
      `give them again: lab runs retry ${run} ${missing.map((name) => `-e ${name}=…`).join(' ')}`,
    );
  const extraVars = [...wordsOf(options['extraVars']), ...given];
  return { ...invocation, options: { ...options, ...(extraVars.length > 0 && { extraVars }) } };
}

function wordsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
