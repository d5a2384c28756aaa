/** Does a part of the work within so many milliseconds; its signal aborts when they are over, or with the whole work. Answers what the part came to, or undefined when it was late: then nobody waits for it, even where it does not heed the signal. */
export async function withinLimit<T extends object>(
  limitMs: number,
  whole: AbortSignal,
  part: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const deadline = new AbortController();
  const late = new Promise<undefined>((resolve) => {
    deadline.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const timer = setTimeout(() => deadline.abort(new Error('its time is over')), limitMs);
  try {
    // What comes of a late part is nobody's any more: the race has taken its failure, too.
    return await Promise.race([part(AbortSignal.any([whole, deadline.signal])), late]);
  } catch (error) {
    if (!deadline.signal.aborted || whole.aborted) throw error;
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
