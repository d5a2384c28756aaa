const words = new Set([
  'to be filled by o.e.m.',
  'to be filled by oem',
  'default string',
  'system serial number',
  'serial number',
  'not specified',
  'not applicable',
  'none',
  'n/a',
  'oem',
  'o.e.m.',
  'unknown',
  'invalid',
  'chassis serial number',
  'base board serial number',
  '0123456789',
  '123456789',
  '1234567890',
  '03000200-0400-0500-0006-000700080009',
]);

/** Whether a serial number or UUID is what makers of main boards leave when nobody filled it in: known phrases, or one character repeated. Empty counts too. */
export function isPlaceholder(text: string): boolean {
  const plain = text.trim().toLowerCase();
  return words.has(plain) || /^(.)?\1*$/.test(plain.replaceAll(/[-: ]/g, ''));
}
