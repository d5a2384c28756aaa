import { defineImport } from '../../model/import.ts';
import { readAddressTable } from '../address-table.ts';
import { switchRest } from '../switch-table.ts';

const mac = String.raw`(?<mac>[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})`;
const ip = String.raw`(?<ip>\d{1,3}(?:\.\d{1,3}){3})`;
const port = String.raw`(?<port>[A-Za-z][\w/.-]*)`;
const interfaceOrVlan = String.raw`(?:Vlan(?<vlan>\d+)|${port})`;

export default defineImport({
  name: 'mac-cisco',
  summary:
    'What `show mac address-table` or `show ip arp` prints on a Cisco switch (IOS, IOS XE, NX-OS).',
  read: (source) =>
    readAddressTable(source, {
      what: '`show mac address-table` or `show ip arp` of Cisco',
      entries: [
        new RegExp(
          String.raw`^[*+GOC ]*\s*(?<vlan>\d+)\s+${mac}\s+(?:dynamic|static|secure\w*)\s+(?:[\w~-]+\s+){3}${port}$`,
          'i',
        ),
        new RegExp(
          String.raw`^[*+GOC ]*\s*(?<vlan>\d+)\s+${mac}\s+(?:dynamic|static|secure\w*)\s+(?:(?:yes|no)\s+[\d-]+\s+)?${port}$`,
          'i',
        ),
        // An age of `-` is the switch's own address, which is no PC: those are among the lines that say nothing.
        new RegExp(
          String.raw`^Internet\s+${ip}\s+\d+\s+${mac}\s+ARPA(?:\s+${interfaceOrVlan})?$`,
          'i',
        ),
        new RegExp(
          String.raw`^${ip}\s+\d\d:\d\d:\d\d\s+${mac}\s+${interfaceOrVlan}(?:\s+\S+)?$`,
          'i',
        ),
      ],
      unanswered: [
        /^Internet\s+\S+\s+\d+\s+Incomplete\s/i,
        /^\d{1,3}(?:\.\d{1,3}){3}\s+\S+\s+INCOMPLETE\s/,
      ],
      rest: [
        ...switchRest,
        /^[*+GOC\s]*(?:All|N\/A|-|\d+)\s+[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\s+static\b.*\b(?:CPU|sup-eth\S*|Router|Switch|Vl\S+)(?:\([^)]*\))?$/i,
        /^Internet\s+\S+\s+-\s+[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\s/i,
        /^\d{1,3}(?:\.\d{1,3}){3}\s+-\s+[0-9a-f]{4}\./i,
        /^\s*Mac Address Table/i,
        /^\s*(?:Vlan|VLAN)\s+Mac Address\s/i,
        /^(?:Protocol\s+Address|Address\s+Age)\s/i,
        /^Total Mac Addresses\b/i,
        /^(?:\s+[*+~()#-] ?- .*|\s+\S.* - .*|\s*age - .*)$/,
        /^IP ARP Table|^Total number of entries|^Multicast Entries/i,
      ],
    }),
});
