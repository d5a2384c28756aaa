import { readFile } from 'node:fs/promises';
import type { Arming } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import type { ChosenProfile, ProfileContext } from '../../model/profile.ts';
import { putTreeBytes, putTreeText, removeTreeText } from '../../netboot/dnsmasq/tftp-tree.ts';
import { grubHostName, renderGrubHost } from '../../netboot/texts/grub.ts';
import type { ServedAssets } from './serve-assets.ts';

/** What publishing needs. */
export interface GrubParts {
  readonly tftpRoot: string;
  readonly assets: ServedAssets;
  readonly server: string;
  loadHost(name: string): Promise<Host | undefined>;
  loadProfile(arming: Arming, host: Host): Promise<ChosenProfile>;
  say(text: string): void;
}

/** Keeps `grub/host/MAC` of the TFTP tree as the armed boots are: there while a host is live, gone the moment it is not. Call it whenever the store's version changed. */
export function openGrubShelf(parts: GrubParts): (live: readonly Arming[]) => Promise<void> {
  const out = new Map<string, string>();
  const copied = new Set<string>();
  return async (live) => {
    const wanted = new Set(live.flatMap(({ order }) => order.macs));
    for (const mac of [...out.keys()].filter((one) => !wanted.has(one))) {
      await removeTreeText(parts.tftpRoot, nameOf(mac));
      out.delete(mac);
    }
    for (const arming of live) {
      const { macs, id } = arming.order;
      if (macs.every((mac) => out.get(mac) === id)) continue;
      // What an earlier armed boot left says something else.
      for (const mac of macs) await removeTreeText(parts.tftpRoot, nameOf(mac));
      await putText(arming, parts, copied);
      for (const mac of macs) out.set(mac, id);
    }
  };
}

async function putText(arming: Arming, parts: GrubParts, copied: Set<string>): Promise<void> {
  const { host, macs } = arming.order;
  const text = await renderFor(arming, parts, copied).catch((error: unknown) => {
    parts.say(`${host} cannot boot by GRUB: ${String(error)}`);
    return '';
  });
  if (text === '') return;
  for (const mac of macs) await putTreeText(parts.tftpRoot, nameOf(mac), text);
}

const nameOf = (mac: string): string => `grub/host/${grubHostName(mac)}`;

/** The kernel line holds no token: the deployment system asks for it by who it is. */
async function renderFor(arming: Arming, parts: GrubParts, copied: Set<string>): Promise<string> {
  const host = await parts.loadHost(arming.order.host);
  if (!host) return '';
  const chosen = await parts.loadProfile(arming, host);
  if (!chosen.profile.secureBoot) return '';
  const spec = chosen.profile.boot(contextFor(chosen, arming, host, parts.server));
  const paths = new Map<string, string>();
  for (const asset of [spec.kernel, ...spec.initrds]) {
    const found = parts.assets.ofProfile(chosen, asset);
    if (!found) return '';
    const name = `asset/${found.sha256}/${found.name}`;
    if (!copied.has(name)) await putTreeBytes(parts.tftpRoot, name, await readFile(found.path));
    copied.add(name);
    paths.set(asset, `/${name}`);
  }
  const args = spec.args.filter((arg) => arg !== 'labkit_token=');
  return renderGrubHost({ ...spec, args }, (asset) => paths.get(asset) ?? '');
}

function contextFor(
  { options }: ChosenProfile,
  { order }: Arming,
  host: Host,
  server: string,
): ProfileContext<unknown> {
  const network = { address: '', netmask: '', gateway: '', dns: '' };
  return {
    ...{ host, options, disk: order.disk, server, network, sshKeys: [] },
    firmware: 'uefi-x64',
    answersUrl: `${server}/boot/answers/`,
    reportUrl: '',
  };
}
