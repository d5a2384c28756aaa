import { defineExport } from '../../model/export.ts';
import { tellLeftOut } from '../export-problems.ts';
import { type MacSpelling, macSpelling } from '../mac-spelling.ts';
import { readRadiusUsers, writeRadiusUsers } from '../radius-users.ts';

interface Options {
  readonly spelling: MacSpelling;
}

export default defineExport<Options>({
  name: 'freeradius',
  summary:
    'FreeRADIUS users for MAC authentication: the address is name and password, with the VLAN where it is known (users(5)).',
  extension: 'users',
  carriesOwners: false,
  options: {
    spelling: macSpelling('aabbccddeeff', 'how the switch writes the address as name and password'),
  },
  write: (hosts, { spelling }) =>
    writeRadiusUsers(
      'freeradius',
      hosts,
      spelling,
      [`# for switches that send ${spelling} as User-Name and as password`],
      (key) => ` Cleartext-Password := "${key}"`,
    ),
  read: readRadiusUsers,
  warnings: (hosts, { spelling }) => [
    ...tellLeftOut(hosts),
    `The switches must send the address as ${spelling}, as User-Name and as password (PAP or CHAP); any other spelling is refused.`,
    'A MAC address is easily copied: this keeps guests out, not attackers.',
  ],
});
