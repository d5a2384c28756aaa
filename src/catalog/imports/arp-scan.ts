import { defineImport } from '../../model/import.ts';
import { readAddressTable } from '../address-table.ts';

export default defineImport({
  name: 'arp-scan',
  summary: 'What arp-scan prints: an address, a MAC and a maker a line (arp-scan(1)).',
  read: (source) =>
    readAddressTable(source, {
      what: '`arp-scan`',
      entries: [
        /^(?<ip>\d{1,3}(?:\.\d{1,3}){3})\t(?<mac>[0-9a-f]{2}(?::[0-9a-f]{2}){5})(?:\s.*)?$/i,
      ],
      unanswered: [],
      rest: [
        /^Interface: \S+, (?:type|datalink type): /,
        /^Starting arp-scan \d/,
        /^Ending arp-scan \d/,
        /^\d+ packets received by filter, \d+ packets dropped by kernel$/,
        /^WARNING: /,
        /^(?:.*[$#] ?)(?:sudo )?arp-scan\b/,
      ],
    }),
});
