/** A job as a target reads it (docs/netboot-protocol.md): the rest of the line is the value; keys that repeat become lists. Throws for a job without its end. */
export function parseJob(text: string): ReadonlyMap<string, readonly string[]> {
  if (!text.endsWith('end\n')) throw new Error('the job is cut off');
  const job = new Map<string, string[]>();
  for (const line of text.slice(0, -'end\n'.length).split('\n').slice(0, -1)) {
    const [, key = '', value = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (key === '') throw new Error(`not a line of a job: ${line}`);
    job.set(key, [...(job.get(key) ?? []), value]);
  }
  return job;
}
