// Without i, l, o and u, which are misread or spell words (Crockford's base 32).
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** Renders a run's id from the local time and a random number below 1, such as `20261123-134512-k3f`: sorts by time, can be said on the telephone. */
export function renderRunId(at: Date, random: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const date = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  const time = `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  const chosen = Math.floor(random * 32 ** 3);
  const tail = [chosen >> 10, (chosen >> 5) & 31, chosen & 31].map((digit) => letters[digit]);
  return `${date}-${time}-${tail.join('')}`;
}
