import type { Arming, ArmingStore, BootOrder, BootRequester, TargetReport } from '../model/boot.ts';
import type { Host } from '../model/host.ts';
import type { AnswerFile, ChosenProfile } from '../model/profile.ts';

/** Address settings as DHCP gave them to a PC; '' where it did not say. Data from a stranger. */
export interface BootNetwork {
  readonly address: string;
  readonly netmask: string;
  readonly gateway: string;
  readonly dns: string;
}

/** A request that gets nothing: the HTTP status and one plain line without secrets (docs/netboot-protocol.md). The desk has noted it in the alerts already. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: 400 | 403 | 404 | 410 | 429 | 503;
  readonly message: string;
}

/** The armed boot of a host with what it was promised. */
export interface Promised {
  readonly arming: Arming;
  readonly host: Host;
  readonly chosen: ChosenProfile;
}

/** Boots the local disk. `menu`: the menu may be offered, with the local disk as its default after some seconds; else the disk at once, `reason` shown for a moment. */
export interface BootLocally {
  readonly kind: 'local';
  /** The registered host of that address; absent for an unknown PC, which may be registered from the menu. */
  readonly host?: Host;
  readonly menu: boolean;
  readonly reason: string;
}

/** What a boot script is to say; the texts are rendered from it. */
export type ScriptAnswer =
  | BootLocally
  /** The one-time token goes into the kernel line or the URL of the answers; it is kept as a hash only. */
  | (Promised & { readonly kind: 'install'; readonly token: string; readonly network: BootNetwork })
  /** Shows the code that a technician types to bind this PC, and asks again after some seconds, until `expiresAt` (milliseconds since 1970). */
  | {
      readonly kind: 'code';
      readonly host: Host;
      readonly code: string;
      readonly expiresAt: number;
    };

/** What is rendered when a target reads its job or its answers; both secrets in plain, for this one reply. */
export interface JobInput extends Promised {
  readonly session: string;
  /** The token that was spent; answers name further answer files by it. */
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Who was seen: by the MAC address it gave, by its IP address (the neighbour table, else the one its script was given to), or by both, which must fit. */
export type Seen =
  | { readonly mac: string; readonly address?: string }
  | { readonly mac?: string; readonly address: string };

/** Decides what each request of docs/netboot-protocol.md comes to; knows no HTTP. Whatever it does is durable in the store before its promise is fulfilled. None of its promises is rejected for what a stranger sent; LabError 'environment' when the state folder fails. */
export interface BootDesk {
  /** iPXE's first request, or a loader's: notes the stage `loader`; the script it gets names nothing and nobody. */
  greet(mac: string, address: string): Promise<void>;
  /** POST /boot/script. */
  script(requester: BootRequester, network: BootNetwork): Promise<ScriptAnswer>;
  /** POST /boot/identify: a token for the deployment system that came by GRUB. */
  identify(requester: BootRequester): Promise<{ kind: 'token'; token: string } | Refused>;
  /** POST /boot/job. */
  job(
    token: string,
    nonce: string,
    requester: BootRequester,
  ): Promise<{ kind: 'job'; text: string } | Refused>;
  /** GET /boot/answers/TOKEN/NAME: each name once. */
  answers(
    token: string,
    name: string,
    address: string,
  ): Promise<{ kind: 'file'; file: AnswerFile } | Refused>;
  /** POST /boot/report and GET /boot/report/SESSION. */
  report(
    session: string,
    report: TargetReport,
    address: string,
  ): Promise<{ kind: 'go' } | { kind: 'stop'; reason: string } | Refused>;
  /** Whether this session may read files of an image, and of which host: live armed boots only. The server checks that the file is one of `image`. */
  authorizeImage(session: string, address: string): Promise<(Promised & { kind: 'ok' }) | Refused>;
  /** POST /boot/menu/reinstall: the PIN was typed on the screen of the PC; when it holds, the host is armed and gets its script. */
  menuReinstall(
    requester: BootRequester,
    network: BootNetwork,
    pin: string,
  ): Promise<ScriptAnswer | Refused>;
  /** POST /boot/menu/register: the request lands with the pending ones of the registry. */
  menuRegister(
    requester: BootRequester,
    wish: { readonly room: string; readonly seat: string; readonly owner: string },
  ): Promise<{ kind: 'noted'; message: string } | Refused>;
  /** A line of the log of dnsmasq, or the fetch of a file, that shows how far a PC is. */
  notice(who: Seen, stage: 'dhcp' | 'loader' | 'kernel', evidence: string): Promise<void>;
  /** Ends what ran out of time; to be called every few seconds. */
  expire(): void;
  /** Keeps a refusal that the server made itself: a name that is not in the map, too many tries. */
  refuse(address: string, mac: string, asked: string, reason: string): void;
}

/** What the desk is given: the register, profiles, texts and all effects. Rejections with LabError become a plain reason and local boot. */
export interface BootDeskEffects {
  readonly store: ArmingStore;
  /** Milliseconds since 1970. */
  now(): number;
  randomBytes(count: number): Uint8Array;
  /** The registered host that has this address (lower-case, colons), whatever the role of its interface. */
  findHostByMac(mac: string): Promise<Host | undefined>;
  loadHost(name: string): Promise<Host | undefined>;
  /** The profile a host was promised, with the digest it has now; when that differs from the order's the boot is ended. */
  loadProfile(
    order: BootOrder,
    host: Host,
  ): Promise<{ readonly chosen: ChosenProfile; readonly digest: string }>;
  /** The MAC address the neighbour table has for an address, '' when it has none (routed networks, relays): then a claim cannot be bound to the card that asks. */
  neighbourMac(address: string): Promise<string>;
  /** The text of docs/netboot-protocol.md, "The job". */
  renderJob(input: JobInput): string;
  /** The answer files of an installer. `told` of the arming holds firmware and address settings that its boot script asked with. */
  renderAnswers(input: JobInput): readonly AnswerFile[];
  /** Checks a PIN for a room: counts tries. '' when it holds, else why not, for the screen. */
  checkPin(pin: string, room: string, requester: BootRequester): Promise<string>;
  /** What a host is promised that a teacher reinstalls from the menu, after the same guards as `lab reinstall`; throws LabError 'refused'. */
  openOrder(host: Host): Promise<BootOrder>;
  /** Takes the host for an armed boot that no run follows, as a run takes its hosts, until that boot has come to its end. Throws LabError 'refused' that names who holds it and since when. */
  holdHost(order: BootOrder): Promise<void>;
  /** Files an application for an unknown PC; returns what its screen says. Throws LabError. */
  enroll(
    requester: BootRequester,
    wish: { readonly room: string; readonly seat: string; readonly owner: string },
  ): Promise<string>;
}
