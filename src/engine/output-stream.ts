import type { StepContext } from '../model/plan.ts';
import { openTextStream } from './text-stream.ts';

type Stream = 'stdout' | 'stderr';

/** Passes a command's output on as text while it runs: whole lines, at most `limit` characters of each stream, then one note. The full output is in the result. */
export interface LiveOutput {
  push(stream: Stream, bytes: Uint8Array): void;
  end(): void;
}

const longestLine = 4_096;

/** Opens a live view; lines beginning with `hidden` are left out. */
export function openLiveOutput(
  emit: StepContext['output'],
  settings: { readonly limit: number; readonly hidden: string },
): LiveOutput {
  const streams = {
    stdout: openLines(emit, 'stdout', settings),
    stderr: openLines(emit, 'stderr', settings),
  };
  return {
    push: (stream, bytes) => streams[stream].push(bytes),
    end() {
      streams.stdout.end();
      streams.stderr.end();
    },
  };
}

function openLines(
  emit: StepContext['output'],
  stream: Stream,
  { limit, hidden }: { readonly limit: number; readonly hidden: string },
): { push(bytes: Uint8Array): void; end(): void } {
  const decoder = openTextStream();
  let line = '';
  let left = limit;
  const say = (text: string): void => {
    const lines = text.split(/(?<=\n)/).filter((each) => !each.startsWith(hidden));
    const kept = lines.join('').slice(0, left);
    if (kept === '') return;
    left -= kept.length;
    emit(stream, kept);
    if (left === 0) emit(stream, '\n… more output is not shown while it runs\n');
  };
  return {
    push(bytes) {
      if (left === 0) return;
      const text = line + decoder.push(bytes);
      const cut = text.length > longestLine ? text.length : text.lastIndexOf('\n') + 1;
      line = text.slice(cut);
      say(text.slice(0, cut));
    },
    end() {
      if (left > 0) say(line + decoder.end());
    },
  };
}
