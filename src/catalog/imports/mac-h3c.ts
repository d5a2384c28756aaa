import { defineImport } from '../../model/import.ts';
import { readAddressTable } from '../address-table.ts';
import { switchRest } from '../switch-table.ts';

const mac = '(?<mac>[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})';
const ip = String.raw`(?<ip>\d{1,3}(?:\.\d{1,3}){3})`;

export default defineImport({
  name: 'mac-h3c',
  summary: 'What `display mac-address` or `display arp` prints on an H3C switch (Comware 5 and 7).',
  read: (source) =>
    readAddressTable(source, {
      what: '`display mac-address` or `display arp` of H3C',
      entries: [
        new RegExp(
          String.raw`^${mac}\s+(?<vlan>\d+|--)\s+[A-Za-z][\w() -]*?\s{2,}(?<port>[A-Za-z]\S*)\s+\S.*$`,
          'i',
        ),
        new RegExp(
          String.raw`^${mac}\s+(?<vlan>\d+|--)\s+[A-Za-z][\w()-]*\s+(?<port>[A-Za-z]\S*)\s+\S.*$`,
          'i',
        ),
        new RegExp(
          String.raw`^${ip}\s+${mac}\s+(?<vlan>\d+|-+|N/A)\s+(?<port>[A-Za-z]\S*)\s+(?:\d+|N/A|-+)\s+[A-Z]{1,2}(?:\s.*)?$`,
          'i',
        ),
      ],
      unanswered: [/^\d{1,3}(?:\.\d{1,3}){3}\s+(?:Incomplete|N\/A)\s/i],
      rest: [
        ...switchRest,
        /^(?:IP ADDRESS|MAC ADDR(?:ESS)?)\s/i,
        /^\s*Type: S-Static\s/i,
        /^\s*(?:[A-Z]-\w+\s*)+$/,
        /^\s*-{2,}\s+\d+ mac address\(es\) found\b/i,
        /^(?:Total entry number|Total number of|Slot \d+:?$)/i,
      ],
    }),
});
