import { bool, float, str } from '../../model/arguments.ts';
import { type Call, defineModule, type Hands, type ModuleResult } from '../../model/module.ts';
import { datetimeText, elapsedSeconds } from './parts/clock-text.ts';

interface Args {
  readonly seconds: number | undefined;
  readonly minutes: number | undefined;
  readonly prompt: string | undefined;
  readonly echo: boolean;
}

export default defineModule<Args>({
  name: 'pause',
  collection: 'ansible.builtin',
  summary: 'Waits for a time, or for the person at the terminal; once for all hosts.',
  args: { seconds: float(), minutes: float(), prompt: str(), echo: bool({ fallback: true }) },
  check: ({ seconds, minutes }) =>
    seconds !== undefined && minutes !== undefined
      ? ['seconds and minutes exclude each other']
      : [],
  once: true,
  async perform(args, call, hands): Promise<ModuleResult> {
    const { seconds, minutes, prompt, echo } = args;
    const startMs = call.nowMs();
    if (seconds === undefined && minutes === undefined) {
      const question = prompt ?? 'Press enter to continue, Ctrl+C to interrupt';
      const answer = await hands.prompt(question, echo);
      return resultOf(args, call, startMs, answer ?? '');
    }
    // less than a second is taken for one, as in Ansible
    const wished = Math.trunc(seconds ?? (minutes ?? 0) * 60);
    await sleepFor(Math.max(1, wished), hands);
    return resultOf(args, call, startMs, '');
  },
});

async function sleepFor(seconds: number, hands: Hands): Promise<void> {
  await hands.sleep(seconds * 1000);
}

function resultOf(args: Args, call: Call, startMs: number, answer: string): ModuleResult {
  const stopMs = call.nowMs();
  const unit = args.minutes === undefined ? 'seconds' : 'minutes';
  const spent = (stopMs - startMs) / (unit === 'minutes' ? 60_000 : 1000);
  const rounded = Math.round(spent * 100) / 100;
  const shown = Number.isInteger(rounded) ? rounded.toFixed(1) : String(rounded);
  return {
    changed: false,
    values: {
      rc: 0,
      stdout: `Paused for ${shown} ${unit}`,
      stderr: '',
      start: datetimeText(startMs),
      stop: datetimeText(stopMs),
      delta: elapsedSeconds(startMs, stopMs),
      echo: args.echo,
      user_input: answer,
    },
  };
}
