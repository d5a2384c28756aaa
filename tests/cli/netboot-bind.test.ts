import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldArming } from '../../src/netboot/arming/fold-arming.ts';
import { openArming } from '../../src/netboot/arming/open-arming.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { armedAt, makeOrder } from '../helpers/make-order.ts';
import { runLab } from '../helpers/memory-io.ts';
import { makeProject, type Project } from '../helpers/registry-project.ts';

let project: Project;
let store: Store;
beforeEach(async () => {
  project = makeProject('all: { hosts: { a07: { mac: "52:54:00:00:00:07" } } }\n');
  store = await openStore(join(project.folder, '.lab'));
  const shows = { type: 'unbound', at: armedAt, address: '10.1.0.107', code: 'K7PX' } as const;
  const claim = { uuid: '11111111-2222-3333-4444-555555555507', serial: 'SN07' };
  const armed = openArming(makeOrder({ uuid: '', serial: '' }));
  store.armings.arm(foldArming(armed, { ...shows, ...claim }));
});
afterEach(() => {
  store.close();
  project.remove();
});

const bind = (...args: string[]) =>
  runLab(['netboot', 'bind', ...args, '--state', join(project.folder, '.lab')], {
    ...{ cwd: project.folder, nowMs: armedAt + 1000 },
  });

describe('lab netboot bind', () => {
  it('binds the PC whose code was read from its screen, and says which one it is', async () => {
    const { exitCode, stdout } = await bind('a07', 'k7px');
    expect(stdout).toBe(
      'a07 is the PC with serial number "SN07", UUID "11111111-2222-3333-4444-555555555507"; it goes on by itself\n',
    );
    expect(exitCode).toBe(0);
    expect(store.armings.load('arming-1')).toMatchObject({ code: '', stage: 'identity' });
  });

  it.each([
    ['a wrong code', 'a07', 'AAAA'],
    ['the code of another host', 'a08', 'K7PX'],
  ])('refuses %s, and binds nothing', async (_, host, code) => {
    const { exitCode, stderr } = await bind(host, code);
    expect(stderr).toContain(`${host} shows no such code`);
    expect(exitCode).toBe(6);
    expect(store.armings.load('arming-1')).toMatchObject({ code: 'K7PX' });
  });
});
