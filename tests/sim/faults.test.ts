import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnPcs, openSim, type Sim, ssh } from '../helpers/sim.ts';

describeOnPcs('a simulated PC as the stock ssh client sees it', () => {
  let sim: Sim;
  beforeAll(async () => {
    sim = await openSim({ rooms: [{ name: 'a', pcs: 17 }], faults: { a16: 'down' } });
  });
  afterAll(() => sim.close());

  /** The PC must be well before, ill with the fault, and well after it was cleared: else the test shows nothing. */
  async function withFault(
    host: string,
    fault: Parameters<Sim['setFault']>[1],
    look: () => Promise<void>,
  ): Promise<void> {
    expect((await ssh(sim, host, 'hostname')).stdout).toBe(`${host}\n`);
    await sim.setFault(host, fault);
    expect(sim.knownFaults()[host]).toBe(fault);
    await look();
    await sim.clearFault(host);
    expect(sim.knownFaults()[host]).toBeUndefined();
    expect((await ssh(sim, host, 'hostname')).stdout).toBe(`${host}\n`);
  }

  test.concurrent('that is well has its own name, identity, addresses and accounts', async () => {
    const pc = sim.pcs[1];
    const seen = await ssh(
      sim,
      'a02',
      'hostname; cat /etc/machine-id /sys/class/net/eth0/address /sys/class/dmi/id/product_serial; ip -br -4 addr show eth0',
    );
    expect(seen.stdout.split('\n').slice(0, 4)).toEqual([
      'a02',
      pc?.machineId,
      pc?.mac,
      pc?.serial,
    ]);
    expect(seen.stdout).toContain(`${pc?.ip}/24`);
    const accounts = await ssh(sim, 'a02', 'sudo -n id -u', { user: 'labadmin' });
    expect(accounts.stdout).toBe('0\n');
    expect((await ssh(sim, 'a02', 'sudo -n id -u', { user: 'tech' })).stderr).toContain(
      'password is required',
    );
  });

  test.concurrent('lets tech become root with the password of the room', async () => {
    const done = await ssh(sim, 'a02', 'sudo -S -p "" id -u', { user: 'tech' });
    expect(done.exitCode).not.toBe(0);
    const script = `ssh -F none -i ${sim.keyFile} -o BatchMode=yes -o UserKnownHostsFile=${sim.knownHostsPath} tech@10.77.1.12 'sudo -S -p "" id -u' <${sim.passwordFile}`;
    expect((await sim.exec(['sh', '-c', script])).stdout).toBe('0\n');
  });

  test.concurrent('that was raised down has no route to it', async () => {
    const seen = await ssh(sim, 'a16', 'true', { sshOptions: ['ConnectTimeout=10'] });
    expect(seen.stderr).toContain('No route to host');
  });

  test.concurrent('down: no route to host', () =>
    withFault('a03', 'down', async () => {
      const seen = await ssh(sim, 'a03', 'true', { sshOptions: ['ConnectTimeout=10'] });
      expect(seen.stderr).toContain('No route to host');
    }));

  test.concurrent('silent: the connection opens and no banner comes', () =>
    withFault('a04', 'silent', async () => {
      expect((await ssh(sim, 'a04', 'true')).stderr).toContain('timed out during banner exchange');
    }));

  test.concurrent('frozen: the connection opens and no banner comes, though the processes are there', () =>
    withFault('a05', 'frozen', async () => {
      expect((await ssh(sim, 'a05', 'true')).stderr).toContain('timed out during banner exchange');
      const states = await sim.inside('a05', ['ps', '-o', 'stat=', '-C', 'sshd']);
      expect(states.stdout).toMatch(/^T/);
    }));

  test.concurrent('key-refused: permission denied for every account', () =>
    withFault('a06', 'key-refused', async () => {
      for (const user of ['root', 'tech', 'labadmin'])
        expect((await ssh(sim, 'a06', 'true', { user })).stderr).toContain('Permission denied');
    }));

  test.concurrent('other-host-key: ssh refuses the changed key, and would take it if it did not look', () =>
    withFault('a07', 'other-host-key', async () => {
      expect((await ssh(sim, 'a07', 'true')).stderr).toContain('HOST IDENTIFICATION HAS CHANGED');
      const careless = { sshOptions: ['UserKnownHostsFile=/dev/null', 'StrictHostKeyChecking=no'] };
      const seen = await ssh(sim, 'a07', 'hostname', careless);
      expect(seen.stdout).toBe('a07\n');
    }));

  test.concurrent('slow: everything works, after at least ten waits of the relay', () =>
    withFault('a08', 'slow', async () => {
      const started = performance.now();
      const seen = await ssh(sim, 'a08', 'hostname', { sshOptions: ['ConnectTimeout=20'] });
      expect(seen.stdout).toBe('a08\n');
      expect(performance.now() - started).toBeGreaterThan(1500);
    }));

  test.concurrent('disk-full: df shows it, and nothing can be written', () =>
    withFault('a09', 'disk-full', async () => {
      const seen = await ssh(
        sim,
        'a09',
        'df --output=avail,pcent / | tail -n 1; echo text >/root/new',
      );
      expect(seen.stdout.trim()).toMatch(/^0\s+100%$/);
      expect(seen.stderr).toContain('No space left on device');
    }));

  test.concurrent('reset: the connection is reset by peer', () =>
    withFault('a10', 'reset', async () => {
      expect((await ssh(sim, 'a10', 'true')).stderr).toContain('Connection reset');
    }));

  test.concurrent('refused: connection refused', () =>
    withFault('a11', 'refused', async () => {
      expect((await ssh(sim, 'a11', 'true')).stderr).toContain('Connection refused');
    }));

  test.concurrent('apt-locked: apt names the holder, and installs once it is gone', async () => {
    await withFault('a12', 'apt-locked', async () => {
      const seen = await ssh(sim, 'a12', 'apt-get install -y labkit-chalk');
      expect(seen.exitCode).toBe(100);
      expect(seen.stderr).toContain('Could not get lock /var/lib/dpkg/lock-frontend');
      expect(seen.stderr).toContain('unattended-upgr');
    });
    const seen = await ssh(
      sim,
      'a12',
      'apt-get install -y labkit-chalk=1.0 >/dev/null 2>&1; labkit-chalk; apt-get -s upgrade | grep ^Inst',
    );
    expect(seen.stdout).toMatch(/^labkit-chalk 1\.0\nInst labkit-chalk \[1\.0\] \(1\.1 /);
  });

  test.concurrent('wrong-mac: it answers, with another MAC than the inventory says', () =>
    withFault('a13', 'wrong-mac', async () => {
      const seen = await ssh(sim, 'a13', 'cat /sys/class/net/eth0/address');
      expect(seen.stdout).toBe('00:e0:4c:01:ff:0d\n');
    }));

  test.concurrent('flood: a command prints without end', () =>
    withFault('a14', 'flood', async () => {
      const script = `ssh -F none -i ${sim.keyFile} -o BatchMode=yes -o UserKnownHostsFile=${sim.knownHostsPath} root@10.77.1.24 true | head -c 5000000 | wc -c`;
      expect((await sim.exec(['sh', '-c', script])).stdout.trim()).toBe('5000000');
    }));

  test.concurrent('cloned: two PCs have one machine id', async () => {
    await sim.setFault('a01', 'cloned');
    await withFault('a15', 'cloned', async () => {
      const ids = await Promise.all(
        ['a01', 'a15'].map((host) => ssh(sim, host, 'cat /etc/machine-id')),
      );
      expect(ids[0]?.stdout).toMatch(/^[0-9a-f]{32}\n$/);
      expect(ids[0]?.stdout).toBe(ids[1]?.stdout);
    });
    await sim.clearFault('a01');
  });

  test.concurrent('has one fault at a time: a new one replaces the old one', async () => {
    await sim.setFault('a17', 'silent');
    await sim.setFault('a17', 'refused');
    expect((await ssh(sim, 'a17', 'true')).stderr).toContain('Connection refused');
    await sim.clearFault('a17');
    await sim.clearFault('a17');
    expect((await ssh(sim, 'a17', 'hostname')).stdout).toBe('a17\n');
  });

  test.concurrent('cannot reach beyond its room, set the machine’s clock or change its settings', async () => {
    const clock = Date.now();
    const seen = await ssh(
      sim,
      'a02',
      'ping -c 2 -W 2 192.0.2.1; date -s 2001-01-01; echo 1 >/proc/sys/vm/drop_caches; mknod /tmp/disk b 254 0; ip route',
    );
    expect(seen.stdout).toContain('100% packet loss');
    expect(seen.stdout).toContain('default via 10.77.1.1');
    expect(seen.stderr).toMatch(/cannot set date: Operation not permitted/);
    expect(seen.stderr).toMatch(/drop_caches.*Read-only file system/);
    expect(seen.stderr).toMatch(/mknod.*Operation not permitted/);
    expect(Date.now()).toBeGreaterThanOrEqual(clock);
  });

  test.concurrent('resolves the names of its room', async () => {
    const seen = await ssh(sim, 'a02', 'getent hosts a01 a16 controller');
    expect(seen.stdout.split('\n').map((line) => line.split(/\s+/)[0])).toEqual([
      '10.77.1.11',
      '10.77.1.26',
      '10.77.1.1',
      '',
    ]);
  });

  test.concurrent('is asked for by a name that exists', async () => {
    await expect(sim.setFault('z99', 'down')).rejects.toMatchObject({ kind: 'usage' });
  });
});
