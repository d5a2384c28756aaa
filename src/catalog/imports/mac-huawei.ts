import { defineImport } from '../../model/import.ts';
import { readAddressTable } from '../address-table.ts';
import { joinArpVlans, switchRest } from '../switch-table.ts';

const mac = '(?<mac>[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})';
const ip = String.raw`(?<ip>\d{1,3}(?:\.\d{1,3}){3})`;

export default defineImport({
  name: 'mac-huawei',
  summary: 'What `display mac-address` or `display arp` prints on a Huawei switch (VRP).',
  read: (source) =>
    readAddressTable(joinArpVlans(source), {
      what: '`display mac-address` or `display arp` of Huawei',
      entries: [
        new RegExp(
          String.raw`^${mac}\s+(?<vlan>\d+|-)/\S+\s+(?<port>[A-Za-z]\S*)\s+\S+(?:\s+\S+)*$`,
          'i',
        ),
        new RegExp(
          String.raw`^${mac}\s+(?<vlan>\d+|-)\S*\s+(?:\S+)\s+(?:\S+)\s+(?<port>[A-Za-z]\S*)\s+\w+(?:\s+\S+)*$`,
          'i',
        ),
        // EXPIRE is empty for the switch's own addresses (type I), which are no PCs: those are among the lines that say nothing.
        new RegExp(
          String.raw`^${ip}\s+${mac}\s+(?:\d+\s+)?(?:D|S|DF|SF)(?:-\S*)?\s+(?<port>[A-Za-z]\S*)(?:\s+[^\s/]+)?(?:\s+(?<vlan>\d+)/\S*)?$`,
          'i',
        ),
      ],
      unanswered: [/^\d{1,3}(?:\.\d{1,3}){3}\s+Incomplete\s/i],
      rest: [
        ...switchRest,
        /^\d{1,3}(?:\.\d{1,3}){3}\s+[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\s+I(?:\s|-)/i,
        /^\s+(?:VSI\/SI|VLAN\/CEVLAN)\b/,
        /^(?:IP ADDRESS|MAC Address)\s/i,
        /^Total(?: matching)? items\b.*=/i,
        /^Total:\s*\d+\s+Dynamic:/i,
        /^MAC address table of slot \d+/i,
      ],
    }),
});
