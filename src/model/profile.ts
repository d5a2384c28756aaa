import type { DiskRule, Firmware } from './boot.ts';
import type { Host } from './host.ts';
import type { Image } from './image.ts';
import type { OptionTable } from './options.ts';
import type { Problem } from './problem.ts';

/** Where a file that a profile needs may come from, tried in this order; each is verified against `sha256` whatever its source. */
export type AssetSource =
  | { readonly from: 'url'; readonly url: string }
  /** A file on this machine or beside the profile: firmware, an ISO the site bought. */
  | { readonly from: 'file'; readonly path: string }
  /** A path inside an ISO that `netboot assets add` took in. */
  | { readonly from: 'iso'; readonly iso: string; readonly path: string }
  /** A path inside a Debian package, fetched with apt and verified by apt's signatures. */
  | { readonly from: 'package'; readonly package: string; readonly path: string }
  /** Made by `lab image build-system`. */
  | { readonly from: 'deployment-system'; readonly file: 'vmlinuz' | 'initrd.img' };

/** A pinned file that a PC is handed while it boots: a kernel, an initramfs, a boot.wim. */
export interface AssetWish {
  /** Unique in the profile; letters, digits, dot, dash. */
  readonly name: string;
  readonly sources: readonly AssetSource[];
  /** Hex; '' where the site has to pin it (`netboot assets add` does): until then it is not served. */
  readonly sha256: string;
}

/** What a boot loader is told to start. URLs are made by the boot service: `{ asset }` names one. */
export interface BootSpec {
  readonly kernel: string;
  readonly initrds: readonly string[];
  /** Kernel arguments one by one, `{asset:NAME}` in them stands for the URL of that asset; each is refused when it holds a blank or a control character. */
  readonly args: readonly string[];
  /** Files handed to wimboot under a name, by asset or answer file. */
  readonly wimboot?: readonly {
    readonly as: string;
    readonly asset?: string;
    readonly answers?: string;
  }[];
}

/** One unattended file: a preseed, a kickstart, user-data, an unattend.xml. Rendered when it is read, never kept. */
export interface AnswerFile {
  readonly name: string;
  readonly text: string;
  readonly contentType: string;
  /** Which real program can check it: debconf-set-selections, ksvalidator, cloud-init, xmllint. */
  readonly validator?: 'preseed' | 'kickstart' | 'cloud-config' | 'xml';
}

/** What a profile's functions are given; all of it is known when the boot script is rendered. */
export interface ProfileContext<O> {
  readonly host: Host;
  readonly options: O;
  readonly firmware: Firmware;
  /** The disk that may be wiped, as it was shown and confirmed; whatever the inventory says by now. */
  readonly disk: DiskRule;
  /** `http://10.1.0.2:8080`, no slash at its end. */
  readonly server: string;
  /** Where this host's answers are read, once: `http://…/boot/answers/TOKEN`; under `preview` the token is masked. */
  readonly answersUrl: string;
  /** Where this host reports: `http://…/boot/report/SESSION`; only in answers. `?stage=installed` is its authenticated callback. */
  readonly reportUrl: string;
  /** Public keys (authorized_keys lines) of the technicians; a new system accepts these and no password. */
  readonly sshKeys: readonly string[];
  /** Address settings as DHCP gave them, '' where unknown: spares the installer a DHCP of its own. */
  readonly network: {
    readonly address: string;
    readonly netmask: string;
    readonly gateway: string;
    readonly dns: string;
  };
}

/** An operating system that PCs can be given over the network: pinned assets, what to boot, unattended answers. One file under catalog/profiles each; a site's own are YAML files that name one of these as their `base`. */
export interface Profile<O> {
  readonly name: string;
  readonly summary: string;
  /** archive: the deployment system writes an image; installer: the system's own installer; local and rescue write nothing. */
  readonly kind: 'archive' | 'installer' | 'local' | 'rescue';
  readonly family: 'linux' | 'windows' | 'none';
  readonly firmwares: readonly Firmware[];
  /** Whether it boots with Secure Boot on through the distribution's signed GRUB (TFTP only, no token on its way). */
  readonly secureBoot: boolean;
  readonly options: OptionTable<O>;
  /** Settings that cannot be right together, before anything is armed. */
  check?(options: O): readonly Problem[];
  /** Why its installer cannot find a disk by this rule; undefined where it can. Asked before anything is armed: what cannot be told apart is refused, never left out of the rule. */
  refuseDisk?(rule: DiskRule): { readonly problem: string; readonly hint: string } | undefined;
  assets(options: O): readonly AssetWish[];
  boot(context: ProfileContext<O>): BootSpec;
  answers?(context: ProfileContext<O>): readonly AnswerFile[];
  /** For `archive`: which image, by name. */
  image?(options: O): string;
  /** Minutes a usual PC takes, for the preview; replaced by what was measured. */
  readonly minutes: number;
  /** What a technician must know: what was tried on what, and what was not. */
  readonly notes: readonly string[];
}

/** A profile whose option types are its own business. */
// biome-ignore lint/suspicious/noExplicitAny: a list of profiles holds many option types; each is read by its own table
export type AnyProfile = Profile<any>;

/** Declares a profile; exists so that the type is checked where the profile is written. */
export function defineProfile<O>(definition: Profile<O>): Profile<O> {
  return definition;
}

/** A profile as a host would get it: the catalog entry, its options in effect, and why this one. */
export interface ChosenProfile {
  /** The name it was chosen by: a site's profile or a catalog entry. */
  readonly name: string;
  readonly profile: AnyProfile;
  readonly options: unknown;
  /** Such as `profile of group lab_a, inventories/school.yaml:31:9` or `for: {room: lab_a}, playbooks/profiles/exam.yaml:4:3`. */
  readonly origin: string;
  /** Playbook to run once the system is proven, '' for none; suite that proves it. */
  readonly playbook: string;
  readonly suite: string;
  readonly image?: Image;
}
