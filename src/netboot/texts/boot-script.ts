import type { BootRequester } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import { type LocalBoot, readLocalBoot } from '../../model/local-boot.ts';
import type { ChosenProfile, ProfileContext } from '../../model/profile.ts';
import type { ScriptAnswer } from '../boot-desk-types.ts';
import { renderInstall } from './install-script.ts';
import type { LocalDisk } from './local-disk.ts';
import { type RoomProposal, renderMenu } from './menu-script.ts';
import { renderCode, renderLocal } from './screens.ts';

/** A pinned file by what its URL needs. */
export interface AssetName {
  readonly sha256: string;
  readonly name: string;
}

/** What boot scripts are rendered with beside the desk's answer. */
export interface ScriptSite {
  /** `http://10.1.0.2:8080`, no slash at its end. */
  readonly server: string;
  /** authorized_keys lines of the technicians. */
  readonly sshKeys: readonly string[];
  /** The file that a profile's asset is at present; undefined where it is not served. */
  findAsset(chosen: ChosenProfile, asset: string): AssetName | undefined;
  /** The GRUB that gets UEFI PCs to their disk (`renderGrubLocal`); undefined where none was made. */
  readonly localGrub: AssetName | undefined;
  /** How PCs of a model get to their disk, where a host says nothing of it (`local_boot`); '' to go by the firmware. */
  localBootOf(requester: Pick<BootRequester, 'manufacturer' | 'model'>): LocalBoot | '';
  /** Seconds until the menu starts the local disk. */
  readonly menuSeconds: number;
}

/** The variable of a host or group that names its way to the local disk. */
export const localBootVariable = 'local_boot';

/** Where an asset is fetched. */
export function assetUrl(server: string, { sha256, name }: AssetName): string {
  return `${server}/boot/asset/${sha256}/${encodeURIComponent(name)}`;
}

/** How this PC gets to its local disk. */
export function localDiskOf(
  site: ScriptSite,
  requester: Pick<BootRequester, 'manufacturer' | 'model'>,
  host?: Host,
): LocalDisk {
  const own = readLocalBoot(host?.vars[localBootVariable]);
  const grubUrl = site.localGrub ? assetUrl(site.server, site.localGrub) : '';
  return { way: own === '' ? site.localBootOf(requester) : own, grubUrl };
}

/** The iPXE script that says what the desk answered. Throws LabError where a profile wants what cannot be said or is not served. */
export function renderBootScript(
  answer: ScriptAnswer,
  requester: BootRequester,
  site: ScriptSite,
  proposals: readonly RoomProposal[] = [],
): string {
  const disk = localDiskOf(site, requester, answer.host);
  if (answer.kind === 'code') return renderCode(site.server, answer.host.name, answer.code, disk);
  if (answer.kind === 'install') return renderInstallFor(answer, requester, site, disk);
  if (!answer.menu) return renderLocal(answer.reason, disk);
  const { host } = answer;
  const place = { host: host?.name ?? '', room: host?.room?.name ?? '', seat: host?.seat ?? '' };
  return renderMenu({ server: site.server, ...place, proposals, seconds: site.menuSeconds }, disk);
}

function renderInstallFor(
  answer: ScriptAnswer & { kind: 'install' },
  requester: BootRequester,
  site: ScriptSite,
  disk: LocalDisk,
): string {
  const { chosen, token } = answer;
  const context = contextOf(answer, requester, site);
  const urls = {
    asset: (asset: string) => {
      const found = site.findAsset(chosen, asset);
      if (found) return assetUrl(site.server, found);
      throw new LabError(
        'environment',
        `${asset} of the profile ${chosen.name} is not there`,
        'lab netboot prepare says what brings it',
      );
    },
    answers: (name: string) => `${site.server}/boot/answers/${token}/${encodeURIComponent(name)}`,
  };
  return renderInstall(chosen.profile.boot(context), urls, disk);
}

function contextOf(
  { host, arming, chosen, token, network }: ScriptAnswer & { kind: 'install' },
  requester: BootRequester,
  { server, sshKeys }: ScriptSite,
): ProfileContext<unknown> {
  return {
    host,
    options: chosen.options,
    firmware: requester.firmware || 'bios',
    disk: arming.order.disk,
    server,
    answersUrl: `${server}/boot/answers/${token}`,
    // The session's secret is made when the answers are read: a boot script never holds it.
    reportUrl: '',
    sshKeys,
    network,
  };
}
