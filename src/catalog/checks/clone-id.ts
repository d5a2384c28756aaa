import { defineCheck } from '../../model/check.ts';
import { sh } from '../../model/command.ts';
import { duplicates } from '../duplicates.ts';
import { pass, unreadable, warn } from '../judging.ts';

export default defineCheck({
  name: 'clone-id',
  summary: 'No other PC has the same machine id or SSH host key, as copies of one disk image do.',
  options: {},
  probe: {
    linux: () => sh`
read -r id < /etc/machine-id
printf 'machine-id %s\n' "$id"
for file in /etc/ssh/ssh_host_*_key.pub; do
[ -e "$file" ] && read -r type key rest < "$file" && printf '%s %s\n' "$type" "$key"
done`,
  },
  judge(output) {
    const id = /^machine-id ([0-9a-f]{32})$/m.exec(output.stdout)?.[1];
    const keys = [
      ...output.stdout.matchAll(/^((?:ssh|ecdsa)-[a-z0-9-]+) (AAAA[A-Za-z0-9+/]{40,}={0,2})$/gm),
    ];
    // The end of a public key is its number, so it tells keys apart as well as the whole
    const words = keys.map(([, type, key = '']) => `${type}:${key.slice(-40)}`);
    if (/^machine-id (?:uninitialized)?$/m.test(output.stdout) && output.stderr === '')
      return warn('no machine id yet', {
        ...(words.length === 0 ? {} : { key: words.join(' ') }),
        hint: 'make one with: systemd-machine-id-setup',
      });
    if (id === undefined && words.length === 0) return unreadable(output, 'its machine id');
    const told = [
      ...(id === undefined ? [] : [`machine id ${id.slice(0, 8)}…`]),
      `${keys.length} host keys`,
    ];
    return pass(told.join(', '), {
      key: [...(id === undefined ? [] : [`machine-id:${id}`]), ...words].join(' '),
    });
  },
  compare(rows) {
    const changed = new Map(duplicates(rows, 'machine id or host key'));
    for (const [host, judgement] of changed)
      changed.set(host, {
        ...judgement,
        hint: 'give each copy its own: empty /etc/machine-id and delete /etc/ssh/ssh_host_* in the image',
      });
    return changed;
  },
});
