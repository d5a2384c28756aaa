import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeOnPcs, openSim, type Sim } from '../helpers/sim.ts';

describeOnPcs('the systemctl stand-in of a simulated PC', () => {
  let sim: Sim;
  beforeAll(async () => {
    sim = await openSim({ rooms: [{ name: 'a', pcs: 1 }] });
  });
  afterAll(() => sim.close());

  const sh = (script: string) => sim.inside('a01', ['sh', '-c', script]);
  const systemctl = (words: string) => sh(`systemctl ${words}`);

  test('knows the SSH server that really runs: active, enabled, by its alias too', async () => {
    expect(await systemctl('is-active ssh')).toMatchObject({ exitCode: 0, stdout: 'active\n' });
    expect(await systemctl('is-active sshd.service')).toMatchObject({ exitCode: 0 });
    expect(await systemctl('is-enabled ssh')).toMatchObject({ exitCode: 0, stdout: 'enabled\n' });
    const shown = await sh('systemctl show -p MainPID --value ssh; cat /run/sshd.pid');
    expect(shown.stdout).toMatch(/^(\d+)\n\1\n$/);
  });

  test('has systemd’s exit codes for a unit that does not exist', async () => {
    expect(await systemctl('is-active nosuch')).toMatchObject({
      exitCode: 3,
      stdout: 'inactive\n',
    });
    expect(await systemctl('is-enabled nosuch')).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await systemctl('status nosuch')).toMatchObject({ exitCode: 4 });
    expect(await systemctl('start nosuch')).toMatchObject({ exitCode: 5 });
    expect(await systemctl('stop nosuch')).toMatchObject({ exitCode: 5 });
    expect(await systemctl('enable nosuch')).toMatchObject({ exitCode: 1 });
    expect((await systemctl('show -p LoadState,ActiveState nosuch')).stdout).toBe(
      'LoadState=not-found\nActiveState=inactive\n',
    );
  });

  test('starts, stops, enables and disables a service that a package brought', async () => {
    expect((await sh('apt-get install -y labkit-abacus')).exitCode).toBe(0);
    expect(await systemctl('is-active labkit-abacus')).toMatchObject({
      exitCode: 3,
      stdout: 'inactive\n',
    });
    expect(await systemctl('status labkit-abacus')).toMatchObject({ exitCode: 3 });
    expect(await systemctl('enable --now labkit-abacus')).toMatchObject({ exitCode: 0 });
    expect(await systemctl('is-active labkit-abacus')).toMatchObject({
      exitCode: 0,
      stdout: 'active\n',
    });
    expect(await systemctl('is-enabled labkit-abacus')).toMatchObject({ exitCode: 0 });
    expect((await sh('pgrep -cx sleep')).stdout).toBe('2\n');
    const before = (await systemctl('show -p MainPID --value labkit-abacus')).stdout;
    expect((await systemctl('restart labkit-abacus')).exitCode).toBe(0);
    expect((await systemctl('show -p MainPID --value labkit-abacus')).stdout).not.toBe(before);
    expect(await systemctl('disable --now labkit-abacus')).toMatchObject({ exitCode: 0 });
    expect(await systemctl('is-active labkit-abacus')).toMatchObject({ exitCode: 3 });
    expect(await systemctl('is-enabled labkit-abacus')).toMatchObject({
      exitCode: 1,
      stdout: 'disabled\n',
    });
  });

  test('shows a service that failed until that is reset', async () => {
    await sh(
      'printf "[Unit]\\nDescription=Broken\\n[Service]\\nType=oneshot\\nExecStart=/bin/false\\n" >/etc/systemd/system/broken.service',
    );
    expect(await systemctl('start broken')).toMatchObject({ exitCode: 1 });
    expect(await systemctl('is-active broken')).toMatchObject({ exitCode: 3, stdout: 'failed\n' });
    expect(await systemctl('is-failed broken')).toMatchObject({ exitCode: 0, stdout: 'failed\n' });
    expect((await systemctl('list-units --failed --plain --no-legend')).stdout).toBe(
      'broken.service loaded failed failed Broken\n',
    );
    expect(await systemctl('is-system-running')).toMatchObject({
      exitCode: 1,
      stdout: 'degraded\n',
    });
    await systemctl('reset-failed');
    expect(await systemctl('is-system-running')).toMatchObject({
      exitCode: 0,
      stdout: 'running\n',
    });
  });

  test('sees that a service died of itself', async () => {
    await sh(
      'printf "[Service]\\nExecStart=/bin/sh -c \\"exit 7\\"\\n" >/etc/systemd/system/dies.service',
    );
    expect((await systemctl('start dies')).exitCode).toBe(0);
    await sh('while [ ! -s /run/systemctl/dies.service.exit ]; do sleep 0.02; done');
    expect(await systemctl('is-active dies')).toMatchObject({ exitCode: 3, stdout: 'failed\n' });
    await systemctl('reset-failed dies');
  });

  test('refuses an account that is not root, words it does not know, and a masked unit', async () => {
    expect(await sh('runuser -u tech -- systemctl stop ssh')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Interactive authentication required'),
    });
    expect(await systemctl('isolate rescue.target')).toMatchObject({ exitCode: 1 });
    expect(await systemctl('--root=/x list-units')).toMatchObject({ exitCode: 1 });
    await systemctl('mask labkit-abacus');
    expect(await systemctl('start labkit-abacus')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is masked'),
    });
    expect((await systemctl('is-enabled labkit-abacus')).stdout).toBe('masked\n');
    await systemctl('unmask labkit-abacus');
    expect((await systemctl('start labkit-abacus')).exitCode).toBe(0);
  });

  test('stops and starts the SSH server, whose listener really goes and comes', async () => {
    expect((await systemctl('stop ssh')).exitCode).toBe(0);
    expect(await systemctl('is-active ssh')).toMatchObject({ exitCode: 3, stdout: 'inactive\n' });
    expect((await sim.exec(['ssh-keyscan', '-T', '2', '10.77.1.11'])).stdout).toBe('');
    expect((await systemctl('start ssh')).exitCode).toBe(0);
    expect((await sim.exec(['ssh-keyscan', '-T', '5', '10.77.1.11'])).stdout).toContain(
      'ssh-ed25519',
    );
  });
});
