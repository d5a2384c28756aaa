import { defineExport } from '../../model/export.ts';
import { tellLeftOut } from '../export-problems.ts';
import { type MacSpelling, macSpelling } from '../mac-spelling.ts';
import { readRadiusUsers, writeRadiusUsers } from '../radius-users.ts';

interface Options {
  readonly spelling: MacSpelling;
}

export default defineExport<Options>({
  name: 'freeradius-macs',
  summary:
    'A FreeRADIUS list of admitted MAC addresses for a files module with the key Calling-Station-Id, with the VLAN where it is known.',
  extension: 'macs',
  carriesOwners: false,
  options: {
    spelling: macSpelling(
      'AA-BB-CC-DD-EE-FF',
      'how Calling-Station-Id is written; the default is what the policy rewrite_calling_station_id makes of it',
    ),
  },
  write: (hosts, { spelling }) =>
    writeRadiusUsers(
      'freeradius-macs',
      hosts,
      spelling,
      [
        `# for: files authorized_macs { key = "%{Calling-Station-Id}" }, with addresses as ${spelling}`,
      ],
      () => '',
    ),
  read: readRadiusUsers,
  warnings: (hosts, { spelling }) => [
    ...tellLeftOut(hosts),
    spelling === 'AA-BB-CC-DD-EE-FF'
      ? 'Call the policy rewrite_calling_station_id before the module: the list has its spelling.'
      : `The module compares letter by letter: Calling-Station-Id must arrive as ${spelling}.`,
    'A MAC address is easily copied: this keeps guests out, not attackers.',
  ],
});
