import { networkInterfaces } from 'node:os';
import { findImageFile } from '../../imaging/image-folder.ts';
import type { BootDesk } from '../../netboot/boot-desk-types.ts';
import { type SupervisedDnsmasq, superviseDnsmasq } from '../../netboot/dnsmasq/supervise.ts';
import { openBootServer } from '../../netboot/server/open-boot-server.ts';
import { selectLocalBoot } from '../../netboot/texts/local-disk.ts';
import { makeFolder } from '../../store/make-folder.ts';
import type { Context } from '../context.ts';
import { openProjectStore } from '../open-store.ts';
import { checkGround, type Ground, requireGround } from './check-ground.ts';
import { type AsRoot, giveUpRoot } from './give-up-root.ts';
import { openMenuHolds } from './hold-menu-hosts.ts';
import { keepDoing } from './keep-doing.ts';
import { loadProfiles } from './load-profiles.ts';
import { proposeMenuSeats } from './menu-register.ts';
import { finishMenuRun } from './menu-run.ts';
import { openProjectDesk } from './open-desk.ts';
import type { ServeWish } from './plan-dnsmasq.ts';
import { makeRunFolder, type Prepared, prepareService } from './prepare-service.ts';
import { openGrubShelf } from './publish-grub.ts';
import { type Card, selectCard } from './select-card.ts';
import { requireNoService, type ServiceNote, saveServiceNote } from './service-note.ts';
import { takeLine } from './take-line.ts';
import { lineOf } from './trouble.ts';
import { type WatchedInventory, watchInventory } from './watch-inventory.ts';

/** The boot service that runs. */
export interface BootService {
  readonly url: string;
  readonly card: Card;
  readonly ground: Ground;
  readonly prepared: Prepared;
}

/** What it was asked for, and where it tells what happens. */
export interface ServiceWish extends ServeWish {
  readonly interface?: string;
  readonly dhcpServers: readonly string[];
  readonly say: (text: string) => void;
  readonly random: () => number;
}

const expireEveryMs = 5_000;
const pollMs = 300;
const menuSeconds = 5;

/** Checks everything first, then serves; all of it ends with the context. Throws LabError with every trouble at once. */
export async function openService(context: Context, wish: ServiceWish): Promise<BootService> {
  const { say } = wish;
  await requireNoService(context.settings.stateFolder);
  const inventory = await watchInventory(context, say);
  const current = await inventory.current();
  const card = selectCard(networkInterfaces(), current.rooms, wish.interface);
  const ground = await checkGround(card, wish, wish.dhcpServers, wish.random);
  requireGround(ground);
  makeFolder(context.settings.stateFolder, 0o700);
  const runFolder = await makeRunFolder(context);
  const { asRoot } = await giveUpRoot(context.settings.stateFolder);
  const store = await openProjectStore(context);
  const prepared = await prepareService(context, { inventory: current, card, wish, runFolder });
  const server = prepared.dnsmasq.server;
  const { assets, sshKeys } = prepared;
  const holds = await openMenuHolds(store, {
    say,
    onInstalled: (order) => finishMenuRun(context, order, say),
  });
  context.defer(holds.close);
  const desk = openProjectDesk(context, { store, inventory, assets, holds, server, sshKeys });
  await openHttp(context, card, wish, { desk, prepared, sshKeys, inventory });
  context.defer(await startDnsmasq(prepared, desk, asRoot, wish));
  context.defer(keepDesk(context, desk, store, prepared, inventory.current, say));
  context.defer(
    keepDoing(pollMs, holds.release, (trouble) =>
      say(`hosts that were armed from their menu are still held: ${trouble}`),
    ),
  );
  context.defer(
    await saveServiceNote(
      context.settings.stateFolder,
      noteOf(context, wish, card, { ...ground, sshKeys }),
    ),
  );
  return { url: server, card, ground, prepared };
}

function noteOf(
  { io }: Context,
  { mode, port, dhcpServers }: ServiceWish,
  card: Card,
  { servers = [], sshKeys }: Ground & Pick<ServiceNote, 'sshKeys'>,
): ServiceNote {
  const there = servers.filter(({ isProxy }) => !isProxy).map(({ address }) => address);
  return {
    url: `http://${card.address}:${port}`,
    interface: card.name,
    mode,
    pid: process.pid,
    startedAt: new Date(io.now()).toISOString(),
    dhcpServers: [...new Set([...there, ...dhcpServers])],
    ...(sshKeys && { sshKeys }),
  };
}

async function openHttp(
  context: Context,
  card: Card,
  { port }: ServiceWish,
  parts: {
    readonly desk: BootDesk;
    readonly prepared: Prepared;
    readonly sshKeys: readonly string[];
    readonly inventory: WatchedInventory;
  },
): Promise<void> {
  const { desk, prepared, sshKeys, inventory } = parts;
  const { assets, folders } = prepared;
  const http = await openBootServer({
    listen: { host: card.address, port },
    publicUrl: prepared.dnsmasq.server,
    desk,
    site: {
      sshKeys,
      localGrub: prepared.localGrub,
      findAsset: (chosen, asset) => assets.ofProfile(chosen, asset),
      localBootOf: selectLocalBoot(context.settings.localBoots),
      menuSeconds,
    },
    findAsset: assets.find,
    findImageFile: (image, file) => findImageFile(folders.images, image, file)?.path,
    propose: async ({ address }) => proposeMenuSeats(context, await inventory.current(), address),
    now: () => performance.now(),
  });
  context.defer(() => http.close());
}

async function startDnsmasq(
  { configFile, dnsmasq }: Prepared,
  desk: BootDesk,
  asRoot: AsRoot,
  { say }: ServiceWish,
): Promise<() => Promise<void>> {
  const kept: SupervisedDnsmasq = await superviseDnsmasq({
    program: 'dnsmasq',
    configFile,
    env: process.env,
    spawnAs: asRoot,
    onLine: (line) => void takeLine(line, dnsmasq.tftpRoot, desk, say),
    onChange(change) {
      if (change.type === 'died')
        say(`dnsmasq died (${change.why}); it is started again in ${change.againInMs} ms`);
      else say(`dnsmasq serves (process ${change.pid})`);
    },
  });
  return async () => {
    await kept[Symbol.asyncDispose]();
  };
}

/** Ends what ran out of time, and keeps GRUB's files as the armed boots are. */
function keepDesk(
  context: Context,
  desk: BootDesk,
  store: Awaited<ReturnType<typeof openProjectStore>>,
  { dnsmasq, assets }: Prepared,
  current: WatchedInventory['current'],
  say: (text: string) => void,
): () => Promise<void> {
  const loadHost = async (name: string) =>
    (await current()).hosts.find((host) => host.name === name);
  const publish = openGrubShelf({
    ...{ tftpRoot: dnsmasq.tftpRoot, assets, server: dnsmasq.server, loadHost, say },
    async loadProfile({ order }, host) {
      const chosen = (await loadProfiles(context)).choose(host, order.profile);
      if (!chosen) throw new Error(`there is no profile ${order.profile}`);
      const [missing] = await assets.prepare(chosen);
      if (missing) throw new Error(lineOf(missing));
      return chosen;
    },
  });
  let seen = -1;
  const stopPublishing = keepDoing(
    pollMs,
    async () => {
      const version = store.armings.version();
      if (version === seen) return;
      await publish(store.armings.list('live'));
      seen = version;
    },
    (trouble) => say(`GRUB's files could not be written: ${trouble}`),
  );
  const stopExpiring = keepDoing(
    expireEveryMs,
    () => desk.expire(),
    (trouble) => say(`what ran out of time could not be ended: ${trouble}`),
  );
  return async () => {
    await Promise.all([stopPublishing(), stopExpiring()]);
  };
}
