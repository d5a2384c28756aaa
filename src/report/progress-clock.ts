import type { ProgressClock } from './progress.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The real time and the real process. */
export function openProgressClock(): ProgressClock {
  return {
    now: () => Date.now(),
    every(intervalMs, work) {
      const timer = setInterval(work, intervalMs);
      // A forgotten progress bar must not keep the program alive.
      timer.unref();
      return () => clearInterval(timer);
    },
    onExit(listener) {
      const onSignal = (signal: NodeJS.Signals): void => {
        if (process.listenerCount(signal) > 1) return;
        listener();
        process.off(signal, onSignal);
        process.kill(process.pid, signal);
      };
      for (const signal of signals) process.on(signal, onSignal);
      process.on('exit', listener);
      return () => {
        for (const signal of signals) process.off(signal, onSignal);
        process.off('exit', listener);
      };
    },
  };
}
