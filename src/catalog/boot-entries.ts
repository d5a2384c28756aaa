/** One entry of a UEFI boot menu, as `efibootmgr -v` prints it. */
export interface BootEntry {
  /** Four hex digits: what `efibootmgr -n` takes. */
  readonly number: string;
  readonly active: boolean;
  readonly label: string;
  /** The device path as text, such as `PciRoot(0x0)/Pci(0x3,0x0)/MAC(525400123456,1)/IPv4(0.0.0.0...)`. */
  readonly path: string;
}

/** Reads what `efibootmgr -v` prints (efibootmgr(8)); lines it does not know are passed over. */
export function parseBootEntries(text: string): BootEntry[] {
  return text.split('\n').flatMap((line) => {
    const [, number, star, rest] = /^Boot([0-9A-Fa-f]{4})(\*?) +(\S.*)$/.exec(line.trimEnd()) ?? [];
    if (number === undefined || rest === undefined) return [];
    // The label ends at a tab; older versions set it apart by blanks only.
    const at = rest.includes('\t') ? rest.indexOf('\t') : rest.search(/ (?=\S*\()/);
    const label = (at < 0 ? rest : rest.slice(0, at)).trim();
    const path = at < 0 ? '' : rest.slice(at + 1).trim();
    return [{ number: number.toUpperCase(), active: star === '*', label, path }];
  });
}

/** Chooses the entry that starts the card with one of these MAC addresses from the network: PXE over IPv4 before HTTP, and both before IPv6. */
export function selectNetworkEntry(
  entries: readonly BootEntry[],
  macs: readonly string[],
): BootEntry | undefined {
  const wanted = macs.map((mac) => mac.replaceAll(':', '').toLowerCase());
  const ranked = entries.flatMap((entry) => {
    const mac = /\bMAC\(([0-9a-f]{12})[0-9a-f]*\b/i.exec(entry.path)?.[1]?.toLowerCase() ?? '';
    if (!wanted.includes(mac)) return [];
    const isHttp = /\bUri\(|\bHTTP/i.test(`${entry.path} ${entry.label}`);
    const rank = /IPv6\(/i.test(entry.path) ? 2 : isHttp ? 1 : 0;
    return [{ entry, rank }];
  });
  return ranked.sort((one, other) => one.rank - other.rank)[0]?.entry;
}
