import { printable } from '../model/display.ts';
import { LabError } from '../model/lab-error.ts';
import {
  type Enrolment,
  type EnrolStep,
  type FreeSeat,
  type NewLook,
  nextStep,
  takeStep,
  undoLast,
} from '../registry/enroll.ts';
import type { Keys } from './read-keys.ts';

/** What a round is given: where cards are seen, how seats are written, whom to ask. */
export interface EnrolRim {
  look(): Promise<readonly NewLook[]>;
  fill(seat: FreeSeat, mac: string): Promise<void>;
  empty(seat: FreeSeat, mac: string): Promise<void>;
  /** Undefined where nobody is asked. */
  readonly keys: Keys | undefined;
  say(line: string): void;
  now(): number;
  /** Look once and end. */
  readonly once: boolean;
  readonly intervalMs: number;
  /** End when no new PC came for so long. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** How a round ended; `error` is why it could not go on. */
export interface EnrolEnd {
  readonly state: Enrolment;
  readonly outcome: 'full' | 'once' | 'ended' | 'waited' | 'cancelled' | 'stopped';
  readonly error?: LabError;
}

/** Fills the free seats one by one as PCs come onto the network, until they are full or somebody ends it. */
export async function enrollRoom(beginning: Enrolment, rim: EnrolRim): Promise<EnrolEnd> {
  let state = beginning;
  let lastMs = rim.now();
  let told: FreeSeat | undefined;
  while (!rim.signal.aborted) {
    const step = nextStep(state, await rim.look());
    if (step.kind === 'full') return { state, outcome: 'full' };
    if (step.kind === 'wait' && rim.once) return { state, outcome: 'once' };
    if (step.kind === 'wait' && rim.now() - lastMs > rim.waitMs)
      return { state, outcome: 'waited' };
    if (step.kind === 'wait') told = tellNext(state, told, rim);
    const done = await act(state, step, rim);
    if (done.outcome !== 'on') return { ...done, outcome: done.outcome };
    if (done.state.filled !== state.filled) lastMs = rim.now();
    state = done.state;
  }
  return { state, outcome: 'cancelled' };
}

/** Says once which seat is next. */
function tellNext({ free }: Enrolment, told: FreeSeat | undefined, rim: EnrolRim) {
  const [seat] = free;
  if (seat && seat !== told) rim.say(`next: ${tellSeat(seat)}; switch it on`);
  return seat;
}

type Done =
  | { readonly state: Enrolment; readonly outcome: 'on' | 'ended' | 'cancelled' }
  | { readonly state: Enrolment; readonly outcome: 'stopped'; readonly error: LabError };

async function act(state: Enrolment, step: EnrolStep, rim: EnrolRim): Promise<Done> {
  if (step.kind === 'wait') return obey(state, undefined, await waitForKey(rim), rim);
  if (step.kind === 'pass') {
    if (step.reason !== 'there-before') rim.say(tellPass(step.look, step.reason));
    return { state: takeStep(state, step), outcome: 'on' };
  }
  if (step.kind === 'fill' && rim.keys === undefined) return fill(state, step, rim);
  if (rim.keys === undefined) return { state, outcome: 'stopped', error: explainStop(step) };
  rim.say(tellStep(step));
  return obey(state, step, await rim.keys.next(rim.signal), rim);
}

/** Does what a key says; a key that says nothing here leaves all as it is. */
async function obey(
  state: Enrolment,
  step: EnrolStep | undefined,
  key: string | undefined,
  rim: EnrolRim,
): Promise<Done> {
  if (key === 'q') return { state, outcome: 'ended' };
  if (key === 'ctrl-c') return { state, outcome: 'cancelled' };
  if (key === 'u') return undo(state, rim);
  if (step === undefined) return { state, outcome: 'on' };
  if (step.kind === 'fill' && key === 'enter') return fill(state, step, rim);
  if (step.kind === 'unordered' && key !== undefined && /^[1-9]$/.test(key)) {
    const look = step.looks[Number(key) - 1];
    const [seat] = state.free;
    if (look && seat) return fill(state, { kind: 'fill', seat, look }, rim);
  }
  if (key !== 's') return { state, outcome: 'on' };
  const skipped = step.kind === 'unordered' ? step.looks : 'look' in step ? [step.look] : [];
  const passed = skipped.reduce(
    (now, look) => takeStep(now, { kind: 'pass', look, reason: 'skipped' }),
    state,
  );
  return { state: passed, outcome: 'on' };
}

async function fill(
  state: Enrolment,
  step: EnrolStep & { readonly kind: 'fill' },
  rim: EnrolRim,
): Promise<Done> {
  const { seat, look } = step;
  await rim.fill(seat, look.mac);
  rim.say(`${tellSeat(seat)}: ${look.mac}${seat.ip === '' ? '' : `, ${seat.ip}`}`);
  return { state: takeStep(state, step), outcome: 'on' };
}

async function undo(state: Enrolment, rim: EnrolRim): Promise<Done> {
  const { state: before, undone } = undoLast(state);
  if (undone) {
    await rim.empty(undone.seat, undone.look.mac);
    rim.say(`${tellSeat(undone.seat)}: ${undone.look.mac} taken back; it waits for another seat`);
  } else rim.say('nothing to undo');
  return { state: before, outcome: 'on' };
}

async function waitForKey({ keys, intervalMs, signal }: EnrolRim): Promise<string | undefined> {
  const over = new AbortController();
  const end = (): void => over.abort();
  // Unlike AbortSignal.timeout, a timer keeps the program alive while nothing else does.
  const timer = setTimeout(end, intervalMs);
  signal.addEventListener('abort', end, { once: true });
  try {
    if (keys) return await keys.next(over.signal);
    if (!signal.aborted)
      await new Promise((resolve) =>
        over.signal.addEventListener('abort', resolve, { once: true }),
      );
    return undefined;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

function tellSeat({ host, seat }: FreeSeat): string {
  return printable(seat === '' ? host : `${seat} ${host}`);
}

function tellPass({ mac, ip }: NewLook, reason: string): string {
  const why =
    reason === 'randomised'
      ? 'its address is made up (random addresses are on?); left out'
      : `left out (${reason})`;
  return `${mac}${ip === '' ? '' : ` ${ip}`}: ${why}`;
}

function tellStep(step: EnrolStep): string {
  if (step.kind === 'fill')
    return `${tellSeat(step.seat)} <- ${step.look.mac} ${step.look.ip}  [Enter] take  [s] skip  [u] undo the last  [q] end`;
  if (step.kind === 'stop')
    return `${step.look.mac} is ${printable(step.host)} already  [s] skip  [u] undo the last  [q] end`;
  if (step.kind !== 'unordered') return '';
  const looks = step.looks.map(({ mac, ip }, index) => `[${index + 1}] ${mac} ${ip}`.trim());
  return `several came at once, which is next?  ${looks.join('  ')}  [s] skip them  [q] end`;
}

function explainStop(step: EnrolStep): LabError {
  if (step.kind === 'stop')
    return new LabError(
      'refused',
      `${step.look.mac} is ${step.host} already, so the next seats would be wrong`,
      'look which PC was switched on; --leave-out with its address goes on without it',
    );
  const macs = step.kind === 'unordered' ? step.looks.map(({ mac }) => mac).join(' and ') : '';
  return new LabError(
    'refused',
    `${macs} came at once, so nobody knows which sits first`,
    'switch the PCs on one after the other, or choose at a terminal, without --yes',
  );
}
