/** Single keys from the terminal. */
export interface Keys extends Disposable {
  /** The next key: a letter, `enter`, or `ctrl-c`; undefined when the signal aborts first. Only one may be waited for at a time. */
  next(signal: AbortSignal): Promise<string | undefined>;
}

const names: ReadonlyMap<string, string> = new Map([
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\u0003', 'ctrl-c'],
  ['\u0004', 'q'],
]);

/** Takes the terminal's keys one by one, without echo, until it is closed. */
export function openKeys(stdin: NodeJS.ReadStream): Keys {
  const queue: string[] = [];
  let wake: (() => void) | undefined;
  const take = (text: string): void => {
    // A key such as an arrow comes as a sequence; it means nothing here.
    if (!text.startsWith('\u001b')) queue.push(...[...text].map((key) => names.get(key) ?? key));
    wake?.();
  };
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.on('data', take);
  stdin.resume();
  return {
    async next(signal) {
      while (queue.length === 0 && !signal.aborted)
        await new Promise<void>((resolve) => {
          const end = (): void => {
            signal.removeEventListener('abort', end);
            resolve();
          };
          wake = end;
          signal.addEventListener('abort', end);
        });
      return queue.shift();
    },
    [Symbol.dispose]() {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
