import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootDeployment } from '../../src/catalog/deployment-boot.ts';
import { loadImage } from '../../src/imaging/image-folder.ts';
import { type ChosenProfile, defineProfile } from '../../src/model/profile.ts';
import { openBootDesk } from '../../src/netboot/boot-desk.ts';
import type { BootDesk } from '../../src/netboot/boot-desk-types.ts';
import { digestProfile } from '../../src/netboot/profile-digest.ts';
import { type BootServer, openBootServer } from '../../src/netboot/server/open-boot-server.ts';
import { renderJob } from '../../src/netboot/texts/job.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { PlayedPc } from './boot-client.ts';
import { makeHost } from './make-host.ts';
import { makeImage } from './make-image.ts';

const mac = '52:54:00:00:00:07';

/** The host that a played PC is. */
export const playedHost = makeHost('a07', {
  mac,
  macs: [{ addr: mac, role: 'wired', primary: true }],
  uuid: '11111111-2222-3333-4444-555555555507',
  serial: 'SN07',
  seat: 'A-07',
});

const profile = defineProfile<object>({
  ...{ name: 'debian-12', summary: 'for a test', kind: 'archive', family: 'linux', minutes: 1 },
  ...{ firmwares: ['bios'], secureBoot: true, options: {}, notes: [] },
  assets: () => [{ name: 'vmlinuz', sources: [], sha256: '' }],
  // Both ways in one: the deployment system goes by its token, an installer by its URL.
  boot: (context) => ({
    ...bootDeployment(context, [`url=${context.answersUrl}`]),
    initrds: [],
  }),
});

/** Lays an image, a kernel and the place for a disk into a folder. */
export async function makeBootProject(folder: string): Promise<void> {
  await makeImage(join(folder, 'images'), 'debian-12', { bytes: 100_000, chunkBytes: 10_000 });
  writeFileSync(join(folder, 'vmlinuz'), randomBytes(5000));
}

/** The profile with its image, as it is chosen for the played PC. */
export async function loadChosen(folder: string): Promise<ChosenProfile> {
  const image = await loadImage(join(folder, 'images'), 'debian-12');
  return {
    ...{
      name: 'debian-12',
      profile,
      options: {},
      origin: 'a test',
      playbook: '',
      suite: '',
      image,
    },
  };
}

/** The PC of the project; several power-ons share its disk. */
export function makePlayedPc(
  folder: string,
  server: string,
  more: Partial<PlayedPc> = {},
): PlayedPc {
  return {
    ...{ mac, uuid: playedHost.uuid, serial: playedHost.serial, server, address: '127.0.0.1' },
    diskFile: join(folder, 'disk'),
    writesFile: join(folder, 'writes'),
    hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPlayed',
    ...more,
  };
}

/** Whether the disk of the played PC holds the image, byte for byte. */
export async function isDiskWritten(folder: string): Promise<boolean> {
  const { image } = await loadChosen(folder);
  try {
    const found = createHash('sha256')
      .update(readFileSync(join(folder, 'disk')))
      .digest('hex');
    return found === image?.files[0]?.sha256;
  } catch {
    return false;
  }
}

/** How often writing of the disk began. */
export function countWrites(folder: string): number {
  try {
    return readFileSync(join(folder, 'writes'), 'utf8').split('\n').length - 1;
  } catch {
    return 0;
  }
}

/** The boot service of the project over HTTP on loopback: the real desk, server and store. */
export async function serveProject(
  folder: string,
  port = 0,
): Promise<BootServer & { readonly desk: BootDesk; readonly store: Store } & AsyncDisposable> {
  const store = await openStore(join(folder, 'state'));
  const chosen = await loadChosen(folder);
  const kernel = readFileSync(join(folder, 'vmlinuz'));
  const sha256 = createHash('sha256').update(kernel).digest('hex');
  const asset = { name: 'vmlinuz', path: join(folder, 'vmlinuz'), bytes: kernel.length, sha256 };
  const desk = openBootDesk({
    store: store.armings,
    now: () => Date.now(),
    randomBytes: (count) => randomBytes(count),
    findHostByMac: async (asked) => (asked === mac ? playedHost : undefined),
    loadHost: async (name) => (name === playedHost.name ? playedHost : undefined),
    loadProfile: async () => ({ chosen, digest: digestProfile(chosen) }),
    neighbourMac: async () => '',
    renderJob: (input) => renderJob(input, { server: '', sshKeys: [] }),
    renderAnswers: ({ session }) => [
      { name: 'preseed.cfg', contentType: 'text/plain', text: `report /boot/report/${session}\n` },
    ],
    checkPin: async () => 'no PIN is set',
    openOrder: () => Promise.reject(new Error('not in this test')),
    holdHost: () => Promise.reject(new Error('not in this test')),
    enroll: () => Promise.reject(new Error('not in this test')),
  });
  const server = await openBootServer({
    desk,
    listen: { host: '127.0.0.1', port },
    publicUrl: '',
    findAsset: (wanted) => (wanted === sha256 ? asset : undefined),
    findImageFile: (image, file) => join(folder, 'images', image.name, file),
    propose: async () => [],
    now: () => performance.now(),
    site: {
      sshKeys: [],
      findAsset: () => asset,
      localGrub: undefined,
      localBootOf: () => '',
      menuSeconds: 5,
    },
    limits: { scripts: { burst: 10_000, perSecond: 1000 } },
  });
  const close = async () => {
    await server.close();
    store.close();
  };
  return { ...server, desk, store, close, [Symbol.asyncDispose]: close };
}
