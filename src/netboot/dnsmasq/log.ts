/** What a line of dnsmasq's log tells of a PC. Everything in it is a stranger's word but the address. */
export type DnsmasqNote =
  /** A PC asked for an address or for what to boot. */
  | { readonly type: 'asked'; readonly mac: string; readonly evidence: string }
  /** A file went out by TFTP, whole. */
  | { readonly type: 'sent'; readonly address: string; readonly file: string }
  | { readonly type: 'missing'; readonly address: string; readonly file: string }
  /** dnsmasq itself has trouble. */
  | { readonly type: 'trouble'; readonly text: string };

/** Files that shim and GRUB ask for and do without (shim 15.8; GRUB 2.06), and what is there for an armed host only: their absence is no trouble. */
const spared =
  /^grub\/host\/(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$|(?:^|\/)(?:revocations(?:_\w+)?\.efi|shim_certificate(?:_\d+)?\.efi|autoexec\.ipxe|[\w-]+\.lst|fonts\/.*|unicode\.pf2|.*\.mod|grub\.cfg-[\w-]+)$/;

/** Reads one line as dnsmasq 2.90 writes it with log-dhcp; undefined for the many that tell nothing new. */
export function parseLogLine(line: string, tftpRoot: string): DnsmasqNote | undefined {
  const text = line.replace(/^.*?\bdnsmasq(?:-dhcp|-tftp|-script)?(?:\[\d+\])?: /, '');
  return parseAsked(text) ?? parseSent(text, tftpRoot) ?? parseTrouble(text);
}

function parseAsked(text: string): DnsmasqNote | undefined {
  const [, what = '', mac = ''] =
    /^(?:\d+ )?(DHCPDISCOVER|DHCPREQUEST|PXE)\([^)]*\) (?:(?:\d+\.){3}\d+ )?((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\b/.exec(
      text,
    ) ?? [];
  return mac === '' ? undefined : { type: 'asked', mac, evidence: what };
}

function parseSent(text: string, tftpRoot: string): DnsmasqNote | undefined {
  const [, sent = '', to = ''] = /^sent (\/.*) to ([\da-f.:]+)$/.exec(text) ?? [];
  if (to !== '') return { type: 'sent', address: to, file: inTree(sent, tftpRoot) };
  const [, asked = '', by = ''] = /^file (\/?.*) not found for ([\da-f.:]+)$/.exec(text) ?? [];
  const file = inTree(asked, tftpRoot);
  return by === '' || spared.test(file) ? undefined : { type: 'missing', address: by, file };
}

function inTree(path: string, tftpRoot: string): string {
  return path.startsWith(`${tftpRoot}/`) ? path.slice(tftpRoot.length + 1) : path;
}

function parseTrouble(text: string): DnsmasqNote | undefined {
  return /^(?:failed|cannot|no address range|not giving|bad |unknown|\d+ no address available|no addresses? available|warning)/i.test(
    text,
  ) || /^(?:\d+ )?(?:DHCPNAK|not using configured address)/.test(text)
    ? { type: 'trouble', text }
    : undefined;
}
