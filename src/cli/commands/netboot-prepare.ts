import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import { describeFirmwares } from '../../netboot/dnsmasq/firmware-table.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { defineCommand } from '../define-command.ts';
import { loadHostsToRead } from '../load-hosts.ts';
import { bootFolders } from '../netboot/boot-folders.ts';
import { loadProfiles, type Profiles } from '../netboot/load-profiles.ts';
import { hasSecureBoot, type Prepared, prepareService } from '../netboot/prepare-service.ts';
import { readServeWish, serveOptions } from '../netboot/read-serve-wish.ts';
import { selectCard } from '../netboot/select-card.ts';
import { warnSecureBoot } from '../netboot/warn-secure-boot.ts';

export default defineCommand({
  syntax: 'netboot prepare [pattern]',
  summary: 'Write and verify everything that serving needs; print what each host would get',
  description:
    'Serves nothing. Exit code 7 when something is missing that a host needs: each is said with what gets it.',
  options: serveOptions,
  families: ['inventory', 'project'],
  examples: ['netboot prepare', 'netboot prepare lab_a --interface eth1'],
  async run(context, [pattern], options) {
    const { io } = context;
    const wish = readServeWish(options);
    const { loaded, hosts } = await loadHostsToRead(context, pattern as string | undefined);
    const card = selectCard(networkInterfaces(), loaded.inventory.rooms, wish.interface);
    const runFolder = join(bootFolders(context.settings).service, 'prepared');
    makeFolder(runFolder, 0o700);
    const prepared = await prepareService(context, {
      ...{ inventory: loaded.inventory, card, wish, runFolder },
    });
    for (const { name, bytes, sha256, origin } of prepared.tree)
      io.stdout.write(`${name}  ${bytes} bytes  ${sha256.slice(0, 16)}  ${origin}\n`);
    io.stdout.write(`${prepared.configFile}\n\n`);
    for (const line of firmwareLines(prepared)) io.stdout.write(`${line}\n`);
    const profiles = await loadProfiles(context);
    for (const host of hosts) io.stdout.write(`${describe(host, profiles)}\n`);
    for (const sentence of warnSecureBoot(prepared)) io.stderr.write(`warning: ${sentence}\n`);
    for (const sentence of prepared.missing) io.stderr.write(`missing: ${sentence}\n`);
    return prepared.missing.length === 0 ? 0 : 7;
  },
});

/** The table of every firmware; which loaders are looked for, and where a site puts its own. */
function firmwareLines({ dnsmasq, folders }: Prepared): string[] {
  const rows = describeFirmwares(dnsmasq);
  const width = Math.max(...rows.map(({ firmware }) => firmware.length));
  return [
    'What PCs are offered, by firmware (option 93); those with Secure Boot on need secure_boot: true in the inventory',
    ...rows.map(({ firmware, loader, secureBoot }) => {
      const secure = secureBoot === '' ? '' : `; with Secure Boot ${secureBoot}`;
      return `${firmware.padEnd(width)}  ${loader}${secure}`;
    }),
    `Loaders of your own go into ${folders.loaders}`,
    '',
  ];
}

/** One line: what it boots with, which profile, by which rule. */
function describe(host: Host, profiles: Profiles): string {
  const first = hasSecureBoot(host) ? 'shim (Secure Boot)' : 'iPXE';
  if (host.mac === '') return `${host.name}  no MAC address: it cannot boot from the network`;
  try {
    const chosen = profiles.choose(host);
    const what = chosen ? `${chosen.name}, by ${chosen.origin}` : 'no profile: its own disk only';
    return `${host.name}  ${host.mac}  ${first}  ${what}`;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return `${host.name}  ${host.mac}  ${first}  ${error.message}`;
  }
}
