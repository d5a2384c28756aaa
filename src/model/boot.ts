/** The stages of a reinstall in their order: seen by the boot service, told by the target, or found by the controller. Stable words that scripts rely on (docs/cli.md). */
export const bootStages = [
  'armed',
  'dhcp',
  'loader',
  'script',
  'identity',
  'kernel',
  'answers',
  'writing',
  'installed',
  'os-up',
  'proven',
  'playbook',
  'done',
] as const;
export type BootStage = (typeof bootStages)[number];

/** What a PC boots with, by the client architecture it tells in DHCP option 93 (RFC 4578; IANA, Processor Architecture Types). `http` is set for UEFI HTTP Boot. */
export const firmwares = ['bios', 'uefi-x64', 'uefi-arm64', 'uefi-ia32', 'uefi-arm32'] as const;
export type Firmware = (typeof firmwares)[number];

/** A PC as it presents itself when it asks for something. Empty text where it says nothing; `mac` lower-case with colons, `uuid` lower-case. Everything in it is data from a stranger. */
export interface BootRequester {
  readonly mac: string;
  readonly uuid: string;
  readonly serial: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly firmware: Firmware | '';
  readonly secureBoot: boolean;
  /** Where the request came from: an IPv4 or IPv6 address. */
  readonly address: string;
}

/** By what the disk to be wiped is known; the rule travels to the target and is applied there again before the first write. */
export type DiskRule =
  | {
      readonly by: 'fingerprint';
      readonly serial: string;
      readonly wwn: string;
      readonly bytes: number;
    }
  /** The only fixed internal disk there is; none or several end the installation. */
  | { readonly by: 'only' };

/** What is promised to one host before it is armed: what may happen to it, and nothing else. Frozen when it is confirmed. */
export interface BootOrder {
  /** Unique; the rows, tokens and callbacks of one armed boot hang on it. */
  readonly id: string;
  readonly run: string;
  readonly host: string;
  /** Every wired address of the host that may ask. */
  readonly macs: readonly string[];
  /** The second factor as registered; '' where it is not known, then a technician binds it by a code. */
  readonly uuid: string;
  readonly serial: string;
  readonly profile: string;
  /** SHA-256 over the profile as it was shown: its options, assets and answers. */
  readonly profileDigest: string;
  readonly disk: DiskRule;
  /** Milliseconds since 1970. */
  readonly armedAt: number;
  readonly expiresAt: number;
}

/** How an armed boot stands. Only `armed`, `booting` and `writing` are live: everything else boots the local disk. */
export const armingStates = [
  'armed',
  'booting',
  'writing',
  'installed',
  'failed',
  'expired',
  'disarmed',
] as const;
export type ArmingState = (typeof armingStates)[number];

/** How far a target is with its disk, as it tells it. */
export interface BootProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
}

/** One armed boot and how it stands: the fold of its events. Secrets are kept as SHA-256 only (hex). */
export interface Arming {
  readonly order: BootOrder;
  readonly state: ArmingState;
  /** The last stage that was reached, and when (milliseconds since 1970); for `failed` the stage at which it failed. */
  readonly stage: BootStage;
  readonly stageAt: number;
  /** When the target was last heard of. */
  readonly heardAt: number;
  /** Each stage once, in the order they were reached. */
  readonly stages: readonly {
    readonly stage: BootStage;
    readonly at: number;
    readonly evidence: string;
  }[];
  /** The one-time token of the last boot script, and who may use it. '' when none is out, or when the armed boot has come to its end. Spent as soon as there is a `sessionHash`. */
  readonly tokenHash: string;
  readonly tokenAddress: string;
  /** What the target that read the answers reports with; '' until they were read. Kept to the end and behind it: `installed` may be told again. */
  readonly sessionHash: string;
  /** SHA-256 of what marks one power-on of the deployment system: it may read its job again (a lost reply) until it writes, nobody else may. For installers a random salt. */
  readonly nonce: string;
  /** Names of the answer files that were read: each once. Empty for the deployment system. */
  readonly answersRead: readonly string[];
  /** Shown on the screen of a PC whose second factor nobody registered; the technician types it to bind the two. */
  readonly code: string;
  /** What the PC that shows the code says of itself, `none` for what it does not say; '' where no PC was to be bound. Bound when it is there and no code is left. */
  readonly claimed: { readonly uuid: string; readonly serial: string };
  readonly progress: BootProgress;
  /** Public host keys of the new system, as in known_hosts without the name: `ssh-ed25519 AAAA…`. */
  readonly hostKeys: readonly string[];
  /** Where the target was last heard from. */
  readonly address: string;
  /** Facts that it told: disk serial, size, firmware. */
  readonly told: { readonly [name: string]: string };
  readonly reason: string;
  readonly hint: string;
}

/** Something that happened to an armed boot; `at` in milliseconds since 1970. A machine that is not live takes none but stages that the controller finds. */
export type ArmingEvent =
  | {
      readonly type: 'seen';
      readonly at: number;
      readonly stage: 'dhcp' | 'loader' | 'kernel';
      readonly evidence: string;
    }
  | {
      readonly type: 'script';
      readonly at: number;
      readonly address: string;
      readonly tokenHash: string;
      /** What the PC said of itself when it asked: firmware, model, address settings. */
      readonly told?: { readonly [name: string]: string };
    }
  | {
      readonly type: 'unbound';
      readonly at: number;
      readonly address: string;
      readonly code: string;
      readonly uuid: string;
      readonly serial: string;
    }
  | { readonly type: 'bound'; readonly at: number; readonly who: string }
  | {
      readonly type: 'mismatch';
      readonly at: number;
      readonly address: string;
      readonly uuid: string;
      readonly serial: string;
    }
  | {
      readonly type: 'answers';
      readonly at: number;
      readonly address: string;
      readonly tokenHash: string;
      readonly sessionHash: string;
      readonly nonce: string;
      /** The answer file of an installer; absent for the job of the deployment system. */
      readonly file?: string;
    }
  | {
      readonly type: 'told';
      readonly at: number;
      readonly address: string;
      readonly report: TargetReport;
    }
  | {
      readonly type: 'found';
      readonly at: number;
      readonly stage: 'os-up' | 'proven' | 'playbook' | 'done';
      readonly evidence: string;
    }
  | {
      readonly type: 'gave-up';
      readonly at: number;
      readonly stage: BootStage;
      readonly reason: string;
      readonly hint: string;
    }
  | { readonly type: 'expired'; readonly at: number }
  | { readonly type: 'disarmed'; readonly at: number; readonly who: string };

/** What a target says of itself with its session secret. The same report may come twice, late, or never. */
export interface TargetReport {
  readonly stage: 'kernel' | 'writing' | 'installed' | 'failed';
  readonly progress?: BootProgress;
  readonly hostKeys?: readonly string[];
  readonly told?: { readonly [name: string]: string };
  readonly reason?: string;
  readonly hint?: string;
}

/** Where armed boots are kept; the boot service, the controller and `status` are separate processes that meet in it. Every call is one transaction. */
export interface ArmingStore {
  /** Throws LabError 'refused' when the host or one of its addresses is armed already. */
  arm(arming: Arming): void;
  load(id: string): Arming | undefined;
  /** All that were not purged, newest first; `live` leaves out those that have come to an end. */
  list(which: 'all' | 'live'): Arming[];
  /** The newest one for a MAC address (lower-case, colons). */
  findByMac(mac: string): Arming | undefined;
  /** The one whose token or session has this SHA-256 (hex), live or ended; never for ''. */
  findBySecret(hash: string): Arming | undefined;
  /** Replaces an arming by what `change` makes of it, with nobody else in between; `change` must be pure. */
  update(id: string, change: (arming: Arming) => Arming): Arming;
  /** Counts up with every change of any arming, by whichever process: cheap to poll. */
  version(): number;
  /** Keeps what was refused, or asked for by a stranger: address, MAC, what was asked, why it got nothing. Bounded: the oldest go. */
  note(alert: BootAlert): void;
  loadAlerts(): BootAlert[];
}

/** A request that got nothing, or that somebody should look at. Never holds the secret that was tried. */
export interface BootAlert {
  /** ISO 8601. */
  readonly at: string;
  readonly address: string;
  readonly mac: string;
  readonly asked: string;
  readonly reason: string;
}
