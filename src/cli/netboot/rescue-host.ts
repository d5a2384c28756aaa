import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arming } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import { foldArming } from '../../netboot/arming/fold-arming.ts';
import { isLive, openArming } from '../../netboot/arming/open-arming.ts';
import { digestProfile } from '../../netboot/profile-digest.ts';
import {
  indexMacs,
  judgeCandidate,
  type SoftRule,
  wiredMacs,
} from '../../netboot/reinstall/guards.ts';
import type { Store } from '../../store/store.ts';
import { writeFileWhole } from '../../store/write-file.ts';
import type { Context } from '../context.ts';
import { loadTargets } from '../load-hosts.ts';
import { openConnect } from '../open-connect.ts';
import { openProjectStore } from '../open-store.ts';
import { openDeeds } from '../power/do-deed.ts';
import { bootFromNetwork } from '../reinstall/boot-host.ts';
import { gatherCandidates } from '../reinstall/gather-candidates.ts';
import { openPreflight } from '../reinstall/open-preflight.ts';
import { requireReady } from '../reinstall/preflight.ts';
import { makeRunIdentity, type RunIdentity } from '../run-identity.ts';
import { loadProfiles } from './load-profiles.ts';

/** What it is asked for beside the host. */
export interface RescueWish {
  readonly expiresMs: number;
  readonly despite: ReadonlySet<SoftRule>;
}

const pollMs = 300;

/** `lab netboot rescue`: arms one host with the profile `rescue`, starts it, waits for its host key, and takes the permission back at once. */
export async function rescueHost(
  context: Context,
  pattern: string,
  { expiresMs, despite }: RescueWish,
): Promise<number> {
  const { io } = context;
  const identity = makeRunIdentity(context);
  const store = await openProjectStore(context);
  const { connect } = await openConnect(context, { connectTimeoutMs: 5_000 });
  const { host, chosen } = await chooseHost(context, pattern, {
    ...{ store, identity, connect, despite },
  });
  await requireReady(context, { profiles: [chosen], hosts: [host] }, openPreflight(context));
  await confirm(context, host.name);
  const interruption = new AbortController();
  context.defer(io.onInterrupt(() => interruption.abort()));
  const { signal } = interruption;
  await using _held = await store.takeLock(host.name, identity);
  const order = orderFor(host, chosen, { run: identity.run, armedAt: io.now(), expiresMs });
  store.armings.arm(openArming(order));
  try {
    const doDeed = openDeeds(connect);
    const { evidence, asksPerson } = await bootFromNetwork(io, host, { doDeed, signal });
    io.stderr.write(`${host.name}: ${evidence}\n`);
    if (asksPerson === true)
      io.stderr.write(`${host.name}: switch it on and let it start from the network\n`);
    const arming = await awaitRescue(context, store, order.id, signal);
    await tellWayIn(context, host.name, arming);
    return 0;
  } finally {
    // Also where it was interrupted: it is its disk that starts next.
    store.armings.update(order.id, (arming) =>
      foldArming(arming, { type: 'disarmed', at: io.now(), who: identity.who }),
    );
  }
}

/** The one host that is meant; every guard of a reinstallation holds but those that ask what is written where. */
async function chooseHost(
  context: Context,
  pattern: string,
  parts: {
    readonly store: Store;
    readonly identity: RunIdentity;
    readonly connect: Awaited<ReturnType<typeof openConnect>>['connect'];
    readonly despite: RescueWish['despite'];
  },
): Promise<{ readonly host: Host; readonly chosen: ChosenProfile }> {
  const { hosts, loaded } = await loadTargets(context, pattern);
  if (hosts.length !== 1)
    throw new LabError('usage', `"${pattern}" means ${hosts.length} hosts`, 'name one');
  const profiles = await loadProfiles(context);
  const candidates = await gatherCandidates(context, hosts, { ...parts, profiles, flag: 'rescue' });
  const at = new Date(context.io.now());
  for (const candidate of candidates) {
    const [refusal] = judgeCandidate(candidate, {
      at: { day: at.getDay(), minutes: at.getHours() * 60 + at.getMinutes() },
      despite: parts.despite,
      hostsByMac: indexMacs(loaded.inventory.hosts),
    }).filter(({ rule }) => rule !== 'no-profile' && rule !== 'disk');
    if (refusal) throw new LabError('refused', `${refusal.host}: ${refusal.why}`, refusal.hint);
    const { host, profile, profileProblem } = candidate;
    if (profile) return { host, chosen: profile };
    throw new LabError('input', profileProblem?.message ?? 'there is no profile rescue');
  }
  throw new Error('a host without a candidate');
}

function orderFor(
  host: Host,
  chosen: ChosenProfile,
  more: { readonly run: string; readonly armedAt: number; readonly expiresMs: number },
) {
  const { run, armedAt, expiresMs } = more;
  return {
    ...{ id: randomUUID(), run, armedAt, expiresAt: armedAt + expiresMs },
    ...{ host: host.name, macs: wiredMacs(host), serial: host.serial },
    uuid: host.uuid.toLowerCase(),
    profile: chosen.name,
    profileDigest: digestProfile(chosen),
    disk: { by: 'only' },
  } as const;
}

/** By `--yes --confirm 1`, else by the name of the host typed back. Throws LabError 'refused' without either. */
async function confirm({ flags, io }: Context, host: string): Promise<void> {
  if (flags.yes === true && flags.confirm?.trim() === '1') return;
  const hint = 'say --yes --confirm 1';
  if (flags.yes === true || flags.confirm !== undefined || !io.interactive)
    throw new LabError('refused', `nobody confirmed that ${host} is restarted`, hint);
  const { input } = await import('@inquirer/prompts');
  const typed = await input(
    { message: `${host} is restarted into the rescue system. Type its name to go on:` },
    { output: process.stderr },
  );
  if (typed.trim() !== host)
    throw new LabError('refused', `"${typed.trim()}" is not ${host}; nothing was armed`, hint);
}

async function awaitRescue(
  { io }: Context,
  store: Store,
  id: string,
  signal: AbortSignal,
): Promise<Arming> {
  let told = '';
  while (!signal.aborted) {
    const arming = store.armings.load(id);
    if (!arming) break;
    if (arming.hostKeys.length > 0) return arming;
    const { host } = arming.order;
    if (!isLive(arming))
      throw new LabError('failed', `${host}: ${arming.reason} (${arming.stage})`, arming.hint);
    if (arming.code !== '' && arming.code !== told)
      io.stderr.write(`${host} shows a code: lab netboot bind ${host} CODE\n`);
    told = arming.code;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
  throw new LabError('cancelled', 'interrupted; the PC is disarmed', '');
}

/** A file of its own: the key of the system on the disk stays known as it is. */
async function tellWayIn(
  { io, settings }: Context,
  host: string,
  { address, hostKeys }: Arming,
): Promise<void> {
  const folder = join(settings.stateFolder, 'rescue');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${host}.known_hosts`);
  const lines = hostKeys.map((key) => `${address} ${key}\n`).join('');
  await writeFileWhole(file, lines, { mode: 0o600 });
  io.stdout.write(
    `${host} is in the rescue system; its disk was left alone, and starts when the PC is restarted (reboot -f)\n` +
      `ssh -o UserKnownHostsFile=${file} -o StrictHostKeyChecking=yes root@${address}\n`,
  );
}
