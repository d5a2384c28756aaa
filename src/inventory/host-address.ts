const number = String.raw`\[[0-9]+:[0-9]+(?::[0-9]+)?\]`;
const hexadecimal = String.raw`\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\]`;
const letterOrNumber = String.raw`\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`;
const i4 = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${number})`;
const i6 = `(?:[0-9a-f]{1,4}|${hexadecimal})`;
const letter = String.raw`[\p{L}\p{N}_]`;
const label = `(?:${letter}|${letterOrNumber})(?:${letter}|-|${letterOrNumber})*(?<![_-])`;

const bracketedPort = /^\[(.+)\]:([0-9]+)$/;
const plainPort = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/;
const ipv4 = new RegExp(String.raw`^(?:${i4}\.){3}${i4}$`, 'iu');
const ipv6 = new RegExp(
  '^(?:' +
    [
      `(?:${i6}:){7}${i6}`,
      `(?:${i6}:){1,6}:`,
      `(?:${i6}:)(?::${i6}){1,6}`,
      `(?:${i6}:){2}(?::${i6}){1,5}`,
      `(?:${i6}:){3}(?::${i6}){1,4}`,
      `(?:${i6}:){4}(?::${i6}){1,3}`,
      `(?:${i6}:){5}(?::${i6}){1,2}`,
      `(?:${i6}:){6}(?::${i6})`,
      `:(?::${i6}){1,6}`,
      `${i6}?::`,
      String.raw`(?:0:){6}(?:${i6}\.){3}${i6}`,
      String.raw`::(?:ffff:)?(?:${i6}\.){3}${i6}`,
      String.raw`(?:0:){5}ffff:(?:${i6}\.){3}${i6}$`,
    ].join('|') +
    ')',
  'iu',
);
const hostName = new RegExp(String.raw`^${label}(?:\.${label})*$`, 'iu');

/**
 * Splits a name as written in an inventory from its `:port`, by the same expressions as Ansible's `parse_address`; undefined when it is neither
 * a host name nor an address (ranges such as `[01:24]` are allowed in all of them).
 */
export function parseAddress(text: string): { host: string; port?: number } | undefined {
  let host = text;
  let port: number | undefined;
  for (const expression of [bracketedPort, plainPort]) {
    const found = expression.exec(host);
    if (!found) continue;
    host = found[1] ?? '';
    port = Number(found[2]);
  }
  if (!ipv4.test(host) && !ipv6.test(host) && !hostName.test(host)) return undefined;
  return port === undefined ? { host } : { host, port };
}
