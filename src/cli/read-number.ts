import { LabError } from '../model/lab-error.ts';

/** A flag's whole number of at least 1, or its fallback; throws LabError 'usage' for anything else. */
export function readCount(flag: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 100_000) return count;
  throw new LabError(
    'usage',
    `${flag} ${text} is not a number of hosts`,
    'write a whole number from 1',
  );
}

/** A flag's seconds as milliseconds, or undefined when it is not given; throws LabError 'usage' for anything else. */
export function readSeconds(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= 86_400) return Math.ceil(seconds * 1000);
  throw new LabError(
    'usage',
    `${flag} ${text} is not a time`,
    'write seconds, from 0.001 to 86400',
  );
}
