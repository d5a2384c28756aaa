import type { Arming, BootRequester, DiskRule, Firmware } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import { readLocalBoot } from '../../model/local-boot.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import { isLive, openArming } from '../../netboot/arming/open-arming.ts';
import type { BootNetwork } from '../../netboot/boot-desk-types.ts';
import { selectDisk } from '../../netboot/reinstall/disk-rule.ts';
import { wiredMacs } from '../../netboot/reinstall/guards.ts';
import {
  localBootVariable,
  localDiskOf,
  renderBootScript,
  type ScriptSite,
} from '../../netboot/texts/boot-script.ts';
import { renderGreeting } from '../../netboot/texts/greeting.ts';
import { renderJob } from '../../netboot/texts/job.ts';
import type { LocalDisk } from '../../netboot/texts/local-disk.ts';

/** What stands where a secret will be: it is made when the PC asks, and never shown. */
const masked = { token: 'ONE-TIME-TOKEN', session: 'SESSION-SECRET' } as const;

/** One text that a PC would be given. */
export interface PreviewText {
  readonly title: string;
  readonly text: string;
}

/** What is shown of one PC. */
export interface Preview {
  readonly host: string;
  readonly mac: string;
  /** Where it stands now, in a sentence. */
  readonly now: string;
  readonly profile: string;
  /** Which rule chose the profile. */
  readonly origin: string;
  /** How it gets from the network boot to its disk, and what says so. */
  readonly localBoot: string;
  readonly texts: readonly PreviewText[];
}

/** The exact texts that a PC gets now and, once it is armed, with its profile; secrets are masked. `host` is undefined for a PC that nobody registered. */
export function previewBoot(
  mac: string,
  host: Host | undefined,
  parts: {
    readonly chosen?: ChosenProfile;
    readonly arming?: Arming;
    readonly firmware: Firmware;
    readonly site: ScriptSite;
    readonly now: number;
  },
): Preview {
  const { chosen, arming, site } = parts;
  const requester = requesterOf(mac, host, parts.firmware);
  const armed = arming !== undefined && isLive(arming);
  const disk = localDiskOf(site, requester, host);
  const unarmed = renderBootScript(
    { kind: 'local', menu: true, reason: '', ...(host && { host }) },
    requester,
    site,
  );
  return {
    host: host?.name ?? '',
    mac,
    now: armed
      ? `armed: ${arming.stage} since ${new Date(arming.stageAt).toISOString()}`
      : host
        ? 'not armed: the menu, and after some seconds its own disk'
        : 'not registered: the menu, and after some seconds its own disk',
    profile: chosen?.name ?? '',
    origin: chosen?.origin ?? '',
    localBoot: sayLocalBoot(disk, requester, host),
    texts: [
      { title: 'first script (GET /boot/MAC)', text: renderGreeting(site.server, disk) },
      { title: 'boot script while it is not armed', text: unarmed },
      ...(host && chosen ? armedTexts(host, chosen, requester, { ...parts, armed }) : []),
    ],
  };
}

function sayLocalBoot({ way }: LocalDisk, { model }: BootRequester, host?: Host): string {
  if (way === '') return 'as usual for its firmware';
  const at = readLocalBoot(host?.vars[localBootVariable]) && host?.originOf(localBootVariable);
  if (at) return `${way}   by ${localBootVariable}, ${at.file}:${at.line}:${at.column}`;
  return `${way}   by lab.yaml, netboot.local_boot of the model "${model}"`;
}

function armedTexts(
  host: Host,
  chosen: ChosenProfile,
  requester: BootRequester,
  parts: {
    readonly site: ScriptSite;
    readonly now: number;
    readonly arming?: Arming;
    readonly armed: boolean;
  },
): PreviewText[] {
  const { site, now } = parts;
  const network = { address: '', netmask: '', gateway: '', dns: '' };
  const promised = (disk: DiskRule) => ({
    arming: openArming({
      ...{ id: 'preview', run: 'preview', host: host.name, macs: wiredMacs(host) },
      ...{ uuid: host.uuid, serial: host.serial, profile: chosen.name, profileDigest: '' },
      ...{ disk, armedAt: now, expiresAt: now + 3_600_000 },
    }),
    ...{ host, chosen },
  });
  const wanted = () =>
    parts.armed && parts.arming ? parts.arming.order.disk : requireDisk(host, chosen);
  const script = say('boot script once it is armed', () =>
    renderBootScript(
      { kind: 'install', token: masked.token, network, ...promised(wanted()) },
      requester,
      site,
    ),
  );
  const { kind } = chosen.profile;
  if (kind === 'archive' || kind === 'rescue')
    return [
      script,
      say('job of the deployment system', () =>
        renderJob({ ...promised(wanted()), ...masked, now }, site),
      ),
    ];
  return [script, ...answerTexts(host, chosen, requester, { site, network, wanted })];
}

/** The disk as it would be confirmed now; throws LabError where it would be refused. */
function requireDisk(host: Host, { profile }: ChosenProfile): DiskRule {
  if (profile.kind === 'rescue' || profile.kind === 'local') return { by: 'only' };
  const disk = selectDisk(host, { profile });
  if ('rule' in disk) return disk.rule;
  throw new LabError('input', disk.problem, disk.hint);
}

function answerTexts(
  host: Host,
  { profile, options }: ChosenProfile,
  { firmware }: BootRequester,
  parts: {
    readonly site: ScriptSite;
    readonly network: BootNetwork;
    wanted(): DiskRule;
  },
): PreviewText[] {
  const { server, sshKeys } = parts.site;
  const texts: PreviewText[] = [];
  const failed = say('answers', () => {
    const answers = profile.answers?.({
      ...{ host, options, firmware: firmware || 'bios', disk: parts.wanted(), server },
      ...{ sshKeys, network: parts.network },
      answersUrl: `${server}/boot/answers/${masked.token}`,
      reportUrl: `${server}/boot/report/${masked.session}`,
    });
    for (const { name, text } of answers ?? []) texts.push({ title: `answers: ${name}`, text });
    return '';
  });
  return failed.text === '' ? texts : [failed];
}

function say(title: string, render: () => string): PreviewText {
  try {
    return { title, text: render() };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { title, text: `(not now: ${error.message}; ${error.hint})\n` };
  }
}

function requesterOf(mac: string, host: Host | undefined, firmware: Firmware): BootRequester {
  return {
    ...{ mac, firmware, manufacturer: '', secureBoot: false, address: host?.ip ?? '' },
    ...{ uuid: host?.uuid ?? '', serial: host?.serial ?? '', model: host?.model ?? '' },
  };
}
