import type { AnyCheck } from '../model/check.ts';
import type { Host } from '../model/host.ts';
import type { Judgement, Outcome, StepResult } from '../model/plan.ts';
import { type Answer, familyOf } from './ask-probes.ts';
import type { ChosenCheck } from './check-settings.ts';
import type { Section } from './probe-sections.ts';

/** Turns a host's answer into the result of one check. */
export function judgeAnswer(
  { check, options }: ChosenCheck,
  host: Host,
  answer: Answer,
): StepResult {
  const { lost } = answer;
  const judgement = judgeCheck(check, options, host, answer);
  if (lost === undefined) return resultOf(judgement);
  const data = { reason: lost.reason };
  return {
    outcome: 'unreachable',
    changes: [],
    judgement,
    data,
    reason: lost.reason,
    message: lost.message,
  };
}

/** A judgement as a step's result: 'ok' only for what was seen to be right or nearly so. */
export function resultOf(judgement: Judgement): StepResult {
  return { outcome: outcomes[judgement.verdict], changes: [], judgement: shorten(judgement) };
}

const outcomes: { readonly [V in Judgement['verdict']]: Outcome } = {
  pass: 'ok',
  warn: 'ok',
  fail: 'failed',
  unknown: 'skipped',
  skip: 'skipped',
};

function judgeCheck(check: AnyCheck, options: unknown, host: Host, answer: Answer): Judgement {
  if (check.judgeSession) return check.judgeSession(answer.lost, options, host);
  if (answer.lost) return unknown(`not reached (${answer.lost.reason})`);
  if (check.probe[familyOf(host)] === undefined)
    return { verdict: 'skip', found: `there is no such check for ${familyOf(host)} yet` };
  const section = answer.sections.get(check.name);
  if (section === undefined)
    return unknown(
      answer.trouble === '' ? 'not asked: earlier probes used up the time' : answer.trouble,
    );
  if (section.state === 'timed-out')
    return unknown(
      `stopped: no answer within ${check.limitSeconds ?? 20} s`,
      'look at the PC: something on it hangs',
    );
  if (section.state === 'cut')
    return unknown(answer.trouble === '' ? 'the answer ended too early' : answer.trouble);
  return hintAtRoot(check, section, judgeSection(check, options, host, { answer, section }));
}

function judgeSection(
  check: AnyCheck,
  options: unknown,
  host: Host,
  { answer, section }: { answer: Answer; section: Section },
): Judgement {
  const { stdout, stderr, exitCode } = section;
  const { sentAtMs } = answer;
  const receivedAtMs = check.turn === 'first' ? answer.firstAtMs : answer.receivedAtMs;
  const output = { stdout, stderr, exitCode, timedOut: false, sentAtMs, receivedAtMs };
  return check.judge(output, options, host);
}

/** Says so when a probe that wants root could not have it and that may be the reason. */
function hintAtRoot(check: AnyCheck, section: Section, judgement: Judgement): Judgement {
  if (judgement.verdict !== 'unknown' || !section.unrooted || !check.wantsRoot) return judgement;
  const said = `${judgement.found} ${judgement.hint} ${section.stderr}`;
  if (!/permi|root|denied/i.test(said)) return judgement;
  const hint = 'the probe ran without root: allow sudo without a password, or use --become';
  return { ...judgement, hint };
}

function unknown(found: string, hint = ''): Judgement {
  return { verdict: 'unknown', found, ...(hint === '' ? {} : { hint }) };
}

/** A hostile answer must not fill the store. */
function shorten(judgement: Judgement): Judgement {
  const { found, key } = judgement;
  return {
    ...judgement,
    found: found.length > 400 ? `${found.slice(0, 399)}…` : found,
    ...(key === undefined ? {} : { key: key.slice(0, 2000) }),
  };
}
