/** Why a text is no host name that DNS and DHCP accept (RFC 1123, 2.1), to be read after the name, such as `has "_"; ...`; '' for a good one. */
export function explainHostName(name: string): string {
  if (name.length > 253) return `has ${name.length} letters; a name has at most 253`;
  for (const label of name.split('.')) {
    if (label === '') return 'has a dot at an end, or two in a row';
    if (label.length > 63) return `has a part of ${label.length} letters; at most 63 are allowed`;
    const bad = /[^A-Za-z0-9-]/u.exec(label)?.[0];
    if (bad !== undefined) return `has "${bad}"; only letters, digits and hyphens are allowed`;
    if (label.startsWith('-') || label.endsWith('-')) return 'begins or ends with a hyphen';
  }
  return '';
}
