const secondsOfDay = 86_400;

/** The day an account ends, as useradd(8) takes it: YYYY-MM-DD, or '' for never (a negative number). `seconds` count from 1970. */
export function expiryDate(seconds: number): string {
  if (seconds < 0) return '';
  return new Date(Math.floor(seconds / secondsOfDay) * secondsOfDay * 1000)
    .toISOString()
    .slice(0, 10);
}

/** Whether shadow(5) already says so; its field is days since 1970, or empty for never. */
export function expiresAsWanted(field: string | undefined, seconds: number): boolean {
  const isNever = field === undefined || field === '' || Number(field) < 0;
  if (seconds < 0) return isNever;
  return !isNever && Number(field) === Math.floor(seconds / secondsOfDay);
}
