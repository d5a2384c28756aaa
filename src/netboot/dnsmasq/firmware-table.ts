import { type ClientKind, chooseLoaders, clientKinds } from './clients.ts';
import type { DnsmasqSettings } from './render.ts';

/** What one kind of firmware is offered. */
export interface FirmwareRow {
  /** `UEFI x64 (7, 8, 9)`: with its numbers of option 93. */
  readonly firmware: string;
  /** The loader, or why there is none. */
  readonly loader: string;
  /** What PCs get whose Secure Boot is on, or why they get nothing. */
  readonly secureBoot: string;
}

const names: { readonly [tag: string]: string } = {
  bios: 'BIOS',
  ia32: 'UEFI ia32',
  x64: 'UEFI x64',
  arm32: 'UEFI arm32',
  arm64: 'UEFI arm64',
};

/** Every kind of firmware and what it is offered in this mode with the loaders at hand: what is not there is said. */
export function describeFirmwares({
  mode,
  loaders,
}: Pick<DnsmasqSettings, 'mode' | 'loaders'>): FirmwareRow[] {
  return clientKinds.map((kind) => {
    const name = names[kind.tag.replace(/-http$/, '')] ?? kind.tag;
    const firmware = `${name}${kind.http ? ' HTTP Boot' : ''} (${kind.architectures.join(', ')})`;
    if (kind.http && mode === 'proxy') {
      const nothing = 'nothing in proxy mode: it starts by PXE, or with --mode dhcp or external';
      return { firmware, loader: nothing, secureBoot: '' };
    }
    return { firmware, ...describeLoaders(kind, loaders) };
  });
}

function describeLoaders(
  kind: ClientKind,
  loaders: ReadonlySet<string>,
): Pick<FirmwareRow, 'loader' | 'secureBoot'> {
  const { plain, shim } = chooseLoaders(kind, loaders);
  const loader = plain === '' ? `nothing: ${kind.loaders.join(' or ')} is not here` : plain;
  if (kind.firmware === 'bios') return { loader, secureBoot: '' };
  return { loader, secureBoot: shim === '' ? 'nothing' : shim };
}
