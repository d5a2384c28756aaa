import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseHosts, prepareResolver } from '../../src/transport/resolve-name.ts';
import { makeFolder } from './sshd.ts';

describe('a name', () => {
  it('that is an address is never looked up', async () => {
    const resolve = prepareResolver('/nonexistent');
    expect(await resolve('192.0.2.7')).toEqual(['192.0.2.7']);
    expect(await resolve('fe80::1')).toEqual(['fe80::1']);
  });

  it('is found in the hosts file, in any letter case', () => {
    const hosts = parseHosts('# x\n10.0.0.1 PC01 pc01.lab # note\n10.0.0.2 pc01\nbad pc02\n');
    expect(hosts.get('pc01')).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(hosts.get('pc01.lab')).toEqual(['10.0.0.1']);
    expect(hosts.has('pc02')).toBe(false);
  });

  it('without an answer does not hold up the others', () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'hosts'), '127.0.0.1 good\n');
    writeFileSync(join(folder, 'resolv.conf'), 'nameserver 192.0.2.1\n');
    const program = `
      import { createConnect } from './src/transport/connect.ts';
      import { hostOf, never, settingsIn } from './tests/transport/rig.ts';
      const { connect } = createConnect(settingsIn('${folder}', { backend: 'ssh2', connectTimeoutMs: 3000 }));
      const names = Array.from({ length: 40 }, (_, index) => 'bad' + index + '.example').concat('good');
      const ends = names.map((name) => connect(hostOf(name, { port: 9, user: 'x' }), never).catch((error) => error.reason));
      console.log([...new Set(await Promise.all(ends.slice(0, 40))), await ends[40]].join(' '));
      process.exit();`;
    const script = `ip link set lo up
      ip link add v0 type veth peer name v1 && ip addr add 192.0.2.2/24 dev v0
      ip link set v0 up && ip link set v1 up
      ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev v0
      mount --bind "$2/hosts" /etc/hosts && mount --bind "$2/resolv.conf" /etc/resolv.conf
      exec "$0" --input-type=module-typescript -e "$1"`;
    const words = ['-n', '-m', 'sh', '-ec', script, process.execPath, program, folder];
    expect(execFileSync('unshare', words, { encoding: 'utf8' }).trim()).toBe('dns refused');
    rmSync(folder, { recursive: true });
  });
});
