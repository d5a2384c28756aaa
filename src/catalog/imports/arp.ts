import { defineImport } from '../../model/import.ts';
import { readAddressTable } from '../address-table.ts';

export default defineImport({
  name: 'arp',
  summary:
    'What `arp -a` or `arp -an` prints on Windows (in any language), Linux, macOS and BSD, `arp -n` as a table, or /proc/net/arp.',
  read: (source) =>
    readAddressTable(source, {
      what: '`arp -a`',
      entries: [
        /^\s*(?<ip>\d{1,3}(?:\.\d{1,3}){3})\s+(?<mac>[0-9a-f]{2}(?:-[0-9a-f]{2}){5})\s+\S+$/i,
        /^(?:\?|(?<name>\S+)) \((?<ip>[^()\s]+)\) at (?<mac>[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}) (?:\[\w+\] |PERM |PUB )*on \S+(?: .*)?$/i,
        /^(?<ip>\d{1,3}(?:\.\d{1,3}){3})\s+(?:ether|infiniband)\s+(?<mac>[0-9a-f]{2}(?::[0-9a-f]{2}){5})\s+\S+\s+(?:\S+\s+)?\S+$/i,
        /^(?<name>[a-z0-9_][\w.-]*)\s+ether\s+(?<mac>[0-9a-f]{2}(?::[0-9a-f]{2}){5})\s+\S+\s+(?:\S+\s+)?\S+$/i,
        /^(?<ip>\d{1,3}(?:\.\d{1,3}){3})\s+0x1\s+0x[0-9a-f]+\s+(?<mac>[0-9a-f]{2}(?::[0-9a-f]{2}){5})\s+\S+\s+\S+$/i,
      ],
      unanswered: [
        /^\S+ \([^()\s]+\) at [(<]incomplete[)>]/i,
        /^\S+\s+\(incomplete\)\s/i,
        /^\s*\d{1,3}(?:\.\d{1,3}){3}\s+(?:invalid|无效)$/i,
      ],
      // A heading of any language has the interface's address and number in it; the line below it has no digits at all.
      rest: [
        /^\S+ \([^()\s]+\) at <from_interface> /,
        /^[^\d]{1,40}: ?\d{1,3}(?:\.\d{1,3}){3} --- 0x[0-9a-f]+$/i,
        /^\s{2}[^\d:]+$/,
        /^Address\s+HWtype\s+HWaddress/,
        /^IP address\s+HW type/,
        /^No ARP Entries Found|^未找到 ?ARP 项/i,
        /^Entries: \d+\s+Skipped: \d+\s+Found: \d+$/,
        /^(?:[A-Z]:\\.*>|.*[$#%] ?)\s*arp\b/i,
        /^[A-Z]:\\[^>]*>$/i,
      ],
    }),
});
