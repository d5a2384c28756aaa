/** Does something every so many milliseconds, one time after the other, until it is stopped. Trouble is said, once until it changes, and ends nothing: a disk that is full now may have room again. Answers how to stop it, which waits for the last time. */
export function keepDoing(
  everyMs: number,
  work: () => Promise<void> | void,
  say: (trouble: string) => void,
): () => Promise<void> {
  let told = '';
  let isBusy = false;
  let working: Promise<void> = Promise.resolve();
  const once = async (): Promise<void> => {
    try {
      await work();
      told = '';
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      if (trouble !== told) say(trouble);
      told = trouble;
    }
    isBusy = false;
  };
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    working = once();
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await working;
  };
}
