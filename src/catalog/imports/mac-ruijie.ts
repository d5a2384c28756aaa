import { defineImport } from '../../model/import.ts';
import { readAddressTable } from '../address-table.ts';
import { switchRest } from '../switch-table.ts';

const mac = String.raw`(?<mac>[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})`;
const ip = String.raw`(?<ip>\d{1,3}(?:\.\d{1,3}){3})`;
// Ruijie writes a blank between the kind of a port and its number.
const port = String.raw`(?<port>[A-Za-z][\w-]*(?: ?\d[\d/.:]*)?)`;

export default defineImport({
  name: 'mac-ruijie',
  summary: 'What `show mac-address-table` or `show arp` prints on a Ruijie switch (RGOS).',
  read: (source) =>
    readAddressTable(source, {
      what: '`show mac-address-table` or `show arp` of Ruijie',
      entries: [
        new RegExp(
          String.raw`^\s*(?<vlan>\d+)\s+${mac}\s+(?:dynamic|static|filter|dot1x|\w+)\s+${port}(?:\s+\d+d \d\d:\d\d:\d\d|\s+-+)?$`,
          'i',
        ),
        // An age of `--` is the switch's own address, which is no PC: those are among the lines that say nothing.
        new RegExp(
          String.raw`^Internet\s+${ip}\s+\d+\s+${mac}\s+arpa\s+(?:VLAN (?<vlan>\d+)|${port})$`,
          'i',
        ),
      ],
      unanswered: [/^Internet\s+\S+\s+\S+\s+<?Incomplete>?\s/i],
      rest: [
        ...switchRest,
        /^Internet\s+\S+\s+--?\s+[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\s/i,
        /^\s*Vlan\s+MAC Address\s/i,
        /^Protocol\s+Address\s/i,
        /^Total Numbers? of (?:Arp|Mac)/i,
        /^(?:MAC address|Dynamic|Static) (?:table|address).*:?\s*\d*$/i,
      ],
    }),
});
