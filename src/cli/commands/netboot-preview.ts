import { join } from 'node:path';
import { firmwares } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import { parseMac } from '../../model/mac.ts';
import { nearest } from '../../model/nearest.ts';
import { digestFile } from '../../netboot/assets/digests.ts';
import { localGrubName } from '../../netboot/build-local-grub.ts';
import type { AssetName } from '../../netboot/texts/boot-script.ts';
import { selectLocalBoot } from '../../netboot/texts/local-disk.ts';
import { defineCommand } from '../define-command.ts';
import { loadHostsToRead } from '../load-hosts.ts';
import { bootFolders } from '../netboot/boot-folders.ts';
import { loadProfiles } from '../netboot/load-profiles.ts';
import { previewBoot } from '../netboot/preview-boot.ts';
import { openServedAssets } from '../netboot/serve-assets.ts';
import { loadServiceNote } from '../netboot/service-note.ts';
import { loadTechnicianKeys } from '../netboot/technician-keys.ts';
import { openProjectStore } from '../open-store.ts';

export default defineCommand({
  syntax: 'netboot preview <host-or-mac>',
  summary:
    'The exact boot script and answers a PC would get, secrets masked, and which rule chose them',
  description: 'Changes nothing and needs no boot service.',
  options: [
    ['--profile <name>', 'as if it were reinstalled with this one'],
    ['--firmware <kind>', `one of ${firmwares.join(', ')}`, 'uefi-x64'],
  ],
  families: ['inventory', 'output', 'project'],
  examples: ['netboot preview a07', 'netboot preview 52:54:00:aa:bb:cc --firmware bios'],
  async run(context, [wanted], options) {
    const { io, settings, flags } = context;
    const firmware = firmwares.find((one) => one === options['firmware']);
    if (firmware === undefined)
      throw new LabError('usage', '--firmware is not known', `write ${firmwares.join(', ')}`);
    const { inventory } = (await loadHostsToRead(context)).loaded;
    const { mac, host } = findPc(inventory.hosts, String(wanted));
    const { profile } = options;
    const flag = typeof profile === 'string' ? profile : undefined;
    const chosen = host && (await loadProfiles(context)).choose(host, flag);
    const assets = openServedAssets(bootFolders(settings));
    if (chosen) await assets.prepare(chosen);
    const arming = (await openProjectStore(context)).armings.findByMac(mac);
    const note = await loadServiceNote(settings.stateFolder);
    const preview = previewBoot(mac, host, {
      ...{ firmware, now: io.now() },
      ...(chosen && { chosen }),
      ...(arming && { arming }),
      site: {
        server: note?.url ?? 'http://BOOT-SERVICE:8080',
        sshKeys: await loadTechnicianKeys(context, inventory),
        findAsset: (of, asset) => assets.ofProfile(of, asset),
        localGrub: await findLocalGrub(bootFolders(settings).service),
        localBootOf: selectLocalBoot(settings.localBoots),
        menuSeconds: 5,
      },
    });
    if (flags.output === 'json') {
      const document = { schema: 'lab.netboot-preview/1', ...preview };
      io.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
      return 0;
    }
    const about = [
      `host     ${preview.host || '(not registered)'}`,
      `mac      ${preview.mac}`,
      `now      ${preview.now}`,
      `profile  ${preview.profile || '(none)'}${preview.origin === '' ? '' : `   by ${preview.origin}`}`,
      `disk     ${preview.localBoot}`,
    ];
    const texts = preview.texts.map(({ title, text }) => `\n== ${title}\n${text.trimEnd()}`);
    io.stdout.write(`${[...about, ...texts].join('\n')}\n`);
    return 0;
  },
});

/** The GRUB for local disks, once it was made by `netboot prepare` or `serve`. */
async function findLocalGrub(folder: string): Promise<AssetName | undefined> {
  const sha256 = await digestFile(join(folder, localGrubName)).catch(() => undefined);
  return sha256 === undefined ? undefined : { sha256, name: localGrubName };
}

function hintFor(wanted: string, names: readonly string[]): string {
  const near = nearest(wanted, names);
  return near === undefined
    ? 'write a host of the inventory, or a MAC address'
    : `did you mean ${near}?`;
}

function findPc(
  hosts: readonly Host[],
  wanted: string,
): { readonly mac: string; readonly host: Host | undefined } {
  const named = hosts.find(({ name }) => name === wanted);
  if (named?.mac) return { mac: named.mac, host: named };
  if (named)
    throw new LabError('usage', `${wanted} has no MAC address`, 'it cannot boot from the network');
  const parsed = parseMac(wanted);
  if (!('mac' in parsed))
    throw new LabError(
      'usage',
      `there is no host "${wanted}"`,
      hintFor(
        wanted,
        hosts.map(({ name }) => name),
      ),
    );
  const host = hosts.find(({ macs }) => macs.some(({ addr }) => addr === parsed.mac));
  return { mac: parsed.mac, host };
}
