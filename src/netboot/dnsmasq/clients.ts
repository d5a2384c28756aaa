import type { Firmware } from '../../model/boot.ts';

/** A kind of network boot client as DHCP tells it: option 93 (RFC 4578, 2.1; IANA "Processor Architecture Types"). */
export interface ClientKind {
  /** The tag its packets get in dnsmasq. */
  readonly tag: string;
  readonly firmware: Firmware;
  /** UEFI HTTP Boot: takes a URL and wants option 60 `HTTPClient` echoed (UEFI 2.10, 24.7.3). */
  readonly http: boolean;
  readonly architectures: readonly number[];
  /** Loaders that suit it when Secure Boot is off, best first. */
  readonly loaders: readonly string[];
  /** First stages that Secure Boot lets start, best first; the signed iPXE chain before shim with GRUB, which knows TFTP only. */
  readonly shims: readonly string[];
}

const x64 = {
  firmware: 'uefi-x64',
  loaders: ['snponly.efi', 'ipxe.efi'],
  shims: ['snponly-shimx64.efi', 'ipxe-shimx64.efi', 'shimx64.efi'],
} as const;
const arm64 = {
  firmware: 'uefi-arm64',
  loaders: ['snponly-arm64.efi', 'ipxe-arm64.efi'],
  shims: ['snponly-shimaa64.efi', 'ipxe-shimaa64.efi', 'shimaa64.efi'],
} as const;
const ia32 = {
  firmware: 'uefi-ia32',
  loaders: ['snponly-ia32.efi', 'ipxe-ia32.efi'],
  shims: [],
} as const;
const arm32 = { firmware: 'uefi-arm32', loaders: ['snponly-arm32.efi'], shims: [] } as const;
const bios = { firmware: 'bios', loaders: ['undionly.kpxe'], shims: [] } as const;

/** Every kind that is served. No shim by HTTP: it asks for its second stage beside its own URL, which is one of a single file, and Debian's signed GRUB knows no HTTP. 7 and 9 both mean x64: the RFC's text and its errata exchange them, firmware does so too. */
export const clientKinds: readonly ClientKind[] = [
  { tag: 'bios', http: false, architectures: [0x00], ...bios },
  { tag: 'ia32', http: false, architectures: [0x06], ...ia32 },
  { tag: 'x64', http: false, architectures: [0x07, 0x08, 0x09], ...x64 },
  { tag: 'arm32', http: false, architectures: [0x0a], ...arm32 },
  { tag: 'arm64', http: false, architectures: [0x0b], ...arm64 },
  { tag: 'ia32-http', http: true, architectures: [0x0f], ...ia32 },
  { tag: 'x64-http', http: true, architectures: [0x10], ...x64, shims: [] },
  { tag: 'arm32-http', http: true, architectures: [0x12], ...arm32 },
  { tag: 'arm64-http', http: true, architectures: [0x13], ...arm64, shims: [] },
];

/** The kind of an option 93 number; undefined for one that nothing is known of. */
export function findClientKind(architecture: number): ClientKind | undefined {
  return clientKinds.find(({ architectures }) => architectures.includes(architecture));
}

/** Which of the loaders at hand a kind gets, with Secure Boot and without; '' where none suits. The signed iPXE chain starts on every PC of its kind, so it is taken for all once a site has it. */
export function chooseLoaders(
  kind: ClientKind,
  atHand: ReadonlySet<string>,
): { readonly plain: string; readonly shim: string } {
  const shim = kind.shims.find((name) => atHand.has(name) && hasSecondStage(name, atHand)) ?? '';
  const signed = shim.startsWith('ipxe-') || shim.startsWith('snponly-') ? shim : '';
  const plain = kind.loaders.find((name) => atHand.has(name)) ?? '';
  return { plain: signed === '' ? plain : signed, shim };
}

/** Shim starts what lies beside it: GRUB, or the iPXE of its own name without `-shim` (ipxe.org, Secure Boot). */
function hasSecondStage(shim: string, atHand: ReadonlySet<string>): boolean {
  if (shim.startsWith('shim')) return atHand.has(shim.replace('shim', 'grub'));
  const arm = shim.endsWith('aa64.efi') ? '-arm64' : '';
  return atHand.has(`${shim.replace(/-shim(?:x64|aa64)\.efi$/, '')}${arm}.efi`);
}
