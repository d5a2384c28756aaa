import type { ProbeOutput } from '../model/check.ts';
import type { Judgement, Verdict } from '../model/plan.ts';

type More = Pick<Judgement, 'expected' | 'hint' | 'key'>;

/** All is as it should be; only with evidence. */
export function pass(found: string, more: More = {}): Judgement {
  return { verdict: 'pass', found, ...more };
}

/** Works, but wants looking at. */
export function warn(found: string, more: More = {}): Judgement {
  return { verdict: 'warn', found, ...more };
}

/** Is wrong. */
export function fail(found: string, more: More = {}): Judgement {
  return { verdict: 'fail', found, ...more };
}

/** Could not be found out; `found` says why. */
export function unknown(found: string, more: More = {}): Judgement {
  return { verdict: 'unknown', found, ...more };
}

/** Does not apply to this host; `found` says why. */
export function skip(found: string, more: More = {}): Judgement {
  return { verdict: 'skip', found, ...more };
}

/** Nothing in the inventory or the suite says what is right; `found` is told all the same and compared with other hosts by `key`. */
export function nothingToCompare(found: string, key?: string): Judgement {
  const told = found === '' ? '' : `: ${found}`;
  return skip(`nothing registered to compare with${told}`, key === undefined ? {} : { key });
}

const order: readonly Verdict[] = ['fail', 'warn', 'unknown', 'pass', 'skip'];

/** Joins several findings into one judgement: the worst verdict, with the findings that have it. */
export function worst(judgements: readonly Judgement[]): Judgement {
  const verdict = order.find((word) => judgements.some((one) => one.verdict === word));
  const chosen = judgements.filter((one) => one.verdict === verdict);
  if (verdict === undefined) return unknown('nothing was found out');
  const join = (texts: readonly (string | undefined)[]) =>
    [...new Set(texts.filter((text) => text !== undefined && text !== ''))].join('; ');
  const expected = join(chosen.map((one) => one.expected));
  const hint = join(chosen.map((one) => one.hint));
  const key = judgements.find((one) => one.key !== undefined)?.key;
  return {
    verdict,
    found: join(chosen.map((one) => one.found)),
    ...(expected === '' ? {} : { expected }),
    ...(hint === '' ? {} : { hint }),
    ...(key === undefined ? {} : { key }),
  };
}

/** Why a probe's answer is of no use, from its exit code and what it complained: always 'unknown'. `what` names the thing that was asked. */
export function unreadable(output: ProbeOutput, what: string): Judgement {
  const complaint = complaintOf(output);
  if (/permission denied|operation not permitted|must be root|not permitted/i.test(complaint))
    return unknown(complaint, { hint: 'log in as root, or allow sudo without a password' });
  const missing = /([\w.-]+): (?:command )?not found/.exec(output.stderr)?.[1];
  if (output.exitCode === 127)
    return unknown(`${missing ?? 'a needed program'} is not installed`, {
      hint: `install ${missing ?? 'it'} on the PC`,
    });
  if (complaint !== '') return unknown(`cannot tell ${what}: ${complaint}`);
  if (output.stdout === '')
    return unknown(`cannot tell ${what}: no answer (exit code ${output.exitCode})`);
  return unknown(`cannot tell ${what} from: ${clip(firstLine(output.stdout))}`);
}

/** The first complaint of a probe without the shell's own prefix (`sh: 1: `), or ''. */
function complaintOf(output: ProbeOutput): string {
  const line = firstLine(output.stderr);
  const bare = line.replace(/^\S*(?:sh|lab)[^:]*: (?:line )?(?:\d+: )?(?:\d+: )?/, '');
  const moved =
    /^(?:can't|cannot) (?:open|create) (\S+?):? (.*)$/i.exec(bare) ?? /^(\/\S+): (.+)$/.exec(bare);
  return clip(moved ? `cannot read ${moved[1]}: ${(moved[2] ?? '').toLowerCase()}` : bare);
}

/** The first line that is not empty. */
export function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}

/** At most 120 characters of a text. */
export function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** Reads lines of `name=value`; of a repeated name the first stands. */
export function fieldsOf(stdout: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0 && !fields.has(line.slice(0, at)))
      fields.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  return fields;
}

/** A whole number written in decimal digits, or undefined. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}
