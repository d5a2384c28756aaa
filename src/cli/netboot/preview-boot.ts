import type { Arming, BootRequester, Firmware } from '../../model/boot.ts';
import type { Host } from '../../model/host.ts';
import { LabError } from '../../model/lab-error.ts';
import type { ChosenProfile } from '../../model/profile.ts';
import { isLive, openArming } from '../../netboot/arming/open-arming.ts';
import { wiredMacs } from '../../netboot/reinstall/guards.ts';
import { localDiskOf, renderBootScript, type ScriptSite } from '../../netboot/texts/boot-script.ts';
import { renderGreeting } from '../../netboot/texts/greeting.ts';
import { renderJob } from '../../netboot/texts/job.ts';

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
    texts: [
      { title: 'first script (GET /boot/MAC)', text: renderGreeting(site.server, disk) },
      { title: 'boot script while it is not armed', text: unarmed },
      ...(host && chosen ? armedTexts(host, chosen, requester, parts) : []),
    ],
  };
}

function armedTexts(
  host: Host,
  chosen: ChosenProfile,
  requester: BootRequester,
  { site, now }: { readonly site: ScriptSite; readonly now: number },
): PreviewText[] {
  const arming = openArming({
    ...{ id: 'preview', run: 'preview', host: host.name, macs: wiredMacs(host) },
    ...{ uuid: host.uuid, serial: host.serial, profile: chosen.name, profileDigest: '' },
    ...{ disk: { by: 'only' }, armedAt: now, expiresAt: now + 3_600_000 },
  });
  const network = { address: '', netmask: '', gateway: '', dns: '' };
  const promised = { arming, host, chosen };
  const say = (title: string, render: () => string): PreviewText => {
    try {
      return { title, text: render() };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      return { title, text: `(not now: ${error.message}; ${error.hint})\n` };
    }
  };
  const input = { ...promised, ...masked, now };
  const script = say('boot script once it is armed', () =>
    renderBootScript(
      { kind: 'install', token: masked.token, network, ...promised },
      requester,
      site,
    ),
  );
  const { kind } = chosen.profile;
  if (kind === 'archive' || kind === 'rescue')
    return [script, say('job of the deployment system', () => renderJob(input, site))];
  const { server, sshKeys } = site;
  const answers =
    chosen.profile.answers?.({
      ...{ host, options: chosen.options, firmware: requester.firmware || 'bios', server },
      ...{ sshKeys, network, answersUrl: `${server}/boot/answers/${masked.token}` },
      reportUrl: `${server}/boot/report/${masked.session}`,
    }) ?? [];
  return [script, ...answers.map(({ name, text }) => ({ title: `answers: ${name}`, text }))];
}

function requesterOf(mac: string, host: Host | undefined, firmware: Firmware): BootRequester {
  return {
    ...{ mac, firmware, manufacturer: '', secureBoot: false, address: host?.ip ?? '' },
    ...{ uuid: host?.uuid ?? '', serial: host?.serial ?? '', model: host?.model ?? '' },
  };
}
