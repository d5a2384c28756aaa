import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import type { FetchEffects } from './asset-types.ts';
import { digestFile } from './digests.ts';
import { explainDisk } from './disk-trouble.ts';

/** Fetches a file into `folder` under its digest. What came of an earlier try is gone on with (RFC 9110, 14.2); nothing appears in its place before it is whole, verified and on the disk. Throws LabError 'environment' or 'cancelled'. */
export async function fetchUrl(
  url: string,
  folder: string,
  sha256: string,
  effects: FetchEffects,
): Promise<string> {
  const part = join(folder, `${sha256}.part`);
  const target = join(folder, sha256);
  try {
    await download(url, part, effects);
    const found = await digestFile(part);
    if (found !== sha256) {
      await rm(part, { force: true });
      throw new LabError('environment', `its SHA-256 is ${found}, not ${sha256}`);
    }
    await rename(part, target);
    return target;
  } catch (error) {
    throw explain(error, url, part, effects.signal);
  }
}

async function download(url: string, part: string, effects: FetchEffects): Promise<void> {
  await using file = await open(part, 'a+', 0o644);
  const have = (await file.stat()).size;
  const stall = openStallTimer(effects.stallMs);
  const signal = AbortSignal.any([effects.signal, stall.signal]);
  try {
    const headers = have > 0 ? { range: `bytes=${have}-` } : {};
    const answer = await effects.fetch(url, { signal, headers });
    const at = startOf(answer, have);
    if (at === 'all there') return await answer.body?.cancel();
    if (at === 0) await file.truncate(0);
    await write(file, answer, at, { ...effects, heard: stall.heard });
    await file.sync();
  } finally {
    stall.end();
  }
}

/** Where the bytes of an answer belong: behind those that are there, or at the beginning, when the mirror sends it all. */
function startOf(answer: Response, have: number): number | 'all there' {
  const range = answer.headers.get('content-range') ?? '';
  if (answer.status === 206 && range.startsWith(`bytes ${have}-`)) return have;
  if (answer.status === 416 && range.endsWith(`/${have}`)) return 'all there';
  if (answer.status === 200) return 0;
  throw new LabError('environment', `the mirror answers ${answer.status}`, 'check the address');
}

async function write(
  file: FileHandle,
  answer: Response,
  at: number,
  effects: FetchEffects & { heard(): void },
): Promise<void> {
  const length = Number(answer.headers.get('content-length') ?? 0);
  let done = at;
  for await (const piece of answer.body ?? []) {
    effects.heard();
    await file.writeFile(piece);
    done += piece.length;
    effects.onBytes?.(done, length === 0 ? 0 : at + length);
  }
}

function openStallTimer(stallMs: number): { signal: AbortSignal; heard(): void; end(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error('stalled')), stallMs);
  return {
    signal: controller.signal,
    heard: () => void timer.refresh(),
    end: () => clearTimeout(timer),
  };
}

function explain(error: unknown, url: string, part: string, signal: AbortSignal): unknown {
  if (error instanceof LabError) return error;
  if (signal.aborted) return new LabError('cancelled', `${url} was not fetched to its end`);
  const disk = explainDisk(error, part);
  if (disk instanceof LabError) return disk;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LabError('environment', reason, 'try again: it goes on where it stopped', {
    cause: error,
  });
}
