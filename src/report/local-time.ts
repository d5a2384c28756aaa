/** A moment (ISO 8601) as the clock on the wall shows it, to the second; '' stays ''. */
export function renderLocalSecond(iso: string): string {
  if (iso === '') return '';
  const at = new Date(iso);
  const two = (number: number): string => String(number).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
