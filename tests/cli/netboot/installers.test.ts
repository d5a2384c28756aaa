import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listEntries, loadEntry } from '../../../src/cli/catalog.ts';
import type { DiskRule } from '../../../src/model/boot.ts';
import type { AnyProfile } from '../../../src/model/profile.ts';
import { foldArming } from '../../../src/netboot/arming/fold-arming.ts';
import { answersAt, openArmed } from '../../helpers/armed-installer.ts';
import { kinds, makeFakeDisks } from '../../helpers/fake-disks.ts';

const program = join(import.meta.dirname, '..', '..', '..', 'src');
const names = await listEntries(program, 'catalog/profiles');
const entries: AnyProfile[] = [];
for (const name of names) entries.push(await loadEntry(program, 'catalog/profiles', name));
const installers = entries.filter(({ kind }) => kind === 'installer');
const linux = installers.filter(({ family }) => family === 'linux');

const base = mkdtempSync(join(tmpdir(), 'lab-installers-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** The files that installers read, in their order. */
const filesOf: { readonly [family: string]: readonly string[] } = {
  preseed: ['preseed.cfg', 'early.sh', 'late.sh'],
  autoinstall: ['meta-data', 'user-data', 'vendor-data'],
  kickstart: ['ks.cfg'],
  windows: ['winpeshl.ini', 'startnet.cmd', 'unattend.xml', 'finish.ps1'],
};
const familyOf = ({ name }: AnyProfile): string => {
  if (name === 'windows-11') return 'windows';
  if (name === 'ubuntu-24.04') return 'autoinstall';
  return ['rocky-9', 'openeuler-24.03'].includes(name) ? 'kickstart' : 'preseed';
};

interface Played {
  readonly script: string;
  /** What the installer is told in the end: which disk, and that it may be written. */
  readonly leave: string;
  readonly early: string;
}

/** What an installer runs before its first write, by its answers. Its own files lie below `folder`; where it would stop for good it ends. */
function playEarly(family: string, files: ReadonlyMap<string, string>, folder: string): Played {
  const leave = join(folder, 'leave');
  const within = (text: string) =>
    text.replace(
      'sysfs=/sys udev_data=/run/udev/data',
      `sysfs=${folder}/sys udev_data=${folder}/udev`,
    );
  if (family === 'kickstart') {
    const [, script = ''] = /^%pre\b.*\n([\s\S]*?)^%end$/m.exec(files.get('ks.cfg') ?? '') ?? [];
    return { script: within(script).replaceAll('/tmp/labkit-disk.ks', leave), leave, early: '' };
  }
  if (family === 'autoinstall') {
    const { autoinstall } = parse(files.get('user-data') ?? '');
    const early = JSON.stringify({ path: autoinstall.storage.layout.match.path });
    const [script = ''] = autoinstall['early-commands'];
    return { script: within(script).replaceAll('/autoinstall.yaml', leave), leave, early };
  }
  const script = within(files.get('early.sh') ?? '')
    .replaceAll('while :; do sleep 3600; done', 'exit 9')
    .replaceAll('/tmp/labkit-disk.cfg', `${leave}.cfg`)
    // What the program of this name does with it: the answers count from now on.
    .replace('debconf-set-selections ', `mv -t ${folder}/given `);
  return {
    script: `mkdir ${folder}/given\n${script}`,
    leave: `${folder}/given/leave.cfg`,
    early: '',
  };
}

function run(script: string): Promise<number> {
  return new Promise((done) => {
    execFile(
      'dash',
      ['-c', script.replaceAll('-lt 200', '-lt 2').replaceAll('sleep 3\n', ':\n')],
      (error) => done(error ? Number(error.code) : 0),
    );
  });
}

describe.each(installers)('the installer of $name', (profile) => {
  const family = familyOf(profile);
  const files = filesOf[family] ?? [];

  it('reads each of its answers once, and nobody else reads any', async () => {
    await using armed = await openArmed(profile);
    const old = answersAt(await armed.script());
    const at = answersAt(await armed.script());
    expect([old === '', at === '', old === at]).toEqual([false, false, false]);
    const order = armed.rig.load();
    for (const name of files)
      for (const [path, from] of [
        [`${old}/${name}`, '127.0.0.1'],
        [`${at}/${name}`, '127.0.0.2'],
        [`/boot/answers/${'x'.repeat(43)}/${name}`, '127.0.0.1'],
      ] as const) {
        const { status, text } = await armed.get(path, from);
        expect([status, text], path).toEqual([
          410,
          expect.not.stringMatching(/report\/|ssh-ed25519/),
        ]);
      }
    expect(armed.rig.load()).toEqual(order);
    expect((await armed.get(`${at}/another.cfg`)).status).toBe(404);
    for (const name of files) {
      expect((await armed.get(`${at}/${name}`)).status, name).toBe(200);
      expect((await armed.get(`${at}/${name}`)).status, name).toBe(410);
    }
    expect(armed.rig.load()).toMatchObject({ stage: 'answers', answersRead: files });
  });

  it('reports with a session that only its answers hold, and its PC goes to its disk in the end', async () => {
    await using armed = await openArmed(profile);
    const at = answersAt(await armed.script());
    let text = '';
    for (const name of files) text += (await armed.get(`${at}/${name}`)).text;
    const [session = ''] = /\/boot\/report\/[\w-]{43}/.exec(text) ?? [];
    expect((await armed.get(`${at.replace('answers', 'report')}?stage=writing`)).status).toBe(410);
    expect((await armed.get(`${session}?stage=writing&disk_name=sda`)).text).toBe('go\n');
    const key = encodeURIComponent('ssh-ed25519 AAAAC3Nz+/=');
    expect((await armed.get(`${session}?stage=installed&hostkey=${key}`)).text).toBe('go\n');
    expect(armed.rig.load()).toMatchObject({
      ...{ state: 'installed', hostKeys: ['ssh-ed25519 AAAAC3Nz+/='], told: { disk_name: 'sda' } },
    });
    expect(await armed.script()).not.toContain('/boot/answers/');
  });
});

describe.each(linux)('before its first write the installer of $name', (profile) => {
  const family = familyOf(profile);

  const play = async (
    disk: DiskRule,
    before: (armed: Awaited<ReturnType<typeof openArmed>>) => unknown = () => {},
  ) => {
    const armed = await openArmed(profile, disk);
    try {
      const at = answersAt(await armed.script());
      const files = new Map<string, string>();
      for (const name of filesOf[family] ?? [])
        files.set(name, (await armed.get(`${at}/${name}`)).text);
      const folder = makeFakeDisks(base, [kinds.sata, kinds.nvme, kinds.stick]);
      const { script, leave, early } = playEarly(family, files, folder);
      if (early !== '') writeFileSync(leave, early);
      before(armed);
      const status = await run(script);
      const said = existsSync(leave) ? readFileSync(leave, 'utf8') : '';
      return {
        status,
        names: /(?:sda|nvme0n1|sdb)/.exec(said)?.[0] ?? '',
        arming: armed.rig.load(),
      };
    } finally {
      await armed[Symbol.asyncDispose]();
    }
  };
  const nvme: DiskRule = { by: 'fingerprint', serial: 'S4EVNX0', wwn: '', bytes: kinds.nvme.bytes };

  it('is given the disk that was confirmed, and leave to write it', async () => {
    const { status, names, arming } = await play(nvme);
    expect([status, names]).toEqual([0, 'nvme0n1']);
    expect(arming).toMatchObject({
      state: 'writing',
      told: { disk_name: 'nvme0n1', disk_serial: 'S4EVNX0' },
    });
  });

  it('is given none where the rule fits two, and the boot service knows why', async () => {
    const { status, names, arming } = await play({ by: 'only' });
    expect([status === 0, names]).toEqual([false, '']);
    expect(arming).toMatchObject({
      state: 'failed',
      reason: '2 disks fit the rule, not one; fixed internal ones: nvme0n1 sda',
    });
  });

  it('is given none when the host was disarmed meanwhile', async () => {
    const { status, names, arming } = await play(nvme, ({ rig }) =>
      rig.store.update('arming-1', (now) =>
        foldArming(now, { type: 'disarmed', at: now.heardAt + 1, who: 'li' }),
      ),
    );
    expect([status === 0, names, arming?.state]).toEqual([false, '', 'disarmed']);
  });
});
