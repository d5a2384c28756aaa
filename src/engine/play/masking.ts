import { isMapping, makeVars, type Value } from '../../model/value.ts';
import type { WholeRun } from './play-run.ts';
import type { Result } from './result-shape.ts';

const censored =
  "the output has been hidden due to the fact that 'no_log: true' was specified for this result";
const shortest = 3;

/** Replaces every secret in every text of a value by asterisks. Very short secrets are left, for they would hide everything else. */
export function maskValue(value: Value, secrets: readonly string[]): Value {
  const known = secrets.filter((secret) => secret.length >= shortest);
  return known.length === 0
    ? value
    : masked(
        value,
        known.toSorted((a, b) => b.length - a.length),
      );
}

function masked(value: Value, secrets: readonly string[]): Value {
  if (typeof value === 'string') return maskOrdered(value, secrets);
  if (Array.isArray(value)) return value.map((item: Value) => masked(item, secrets));
  if (!isMapping(value)) return value;
  return makeVars(
    Object.entries(value).map(([name, item]) => [
      maskOrdered(name, secrets),
      masked(item, secrets),
    ]),
  );
}

function maskOrdered(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '********'), text);
}

/** Replaces every secret in a text. */
export function maskText(text: string, secrets: readonly string[]): string {
  return maskValue(text, secrets) as string;
}

/** Replaces what the run knows to be secret, in a text such as a rendered name. */
export function hideSecrets({ rim }: Pick<WholeRun, 'rim'>, text: string): string {
  return maskText(text, rim.secrets?.() ?? []);
}

/** What may be shown of a result under `no_log`. */
export function censor(result: Result): Result {
  const told = ['failed', 'skipped', 'unreachable'].filter((name) => result[name] === true);
  const shared = ['attempts', 'changed', 'retries'].filter((name) => result[name] !== undefined);
  const shown: Result = makeVars([['censored', censored]]);
  for (const name of [...shared, ...told]) shown[name] = result[name] ?? null;
  return shown;
}
