import type { AnyProfile, AssetWish } from '../../model/profile.ts';
import type { Iso } from './open-iso.ts';

/** A file that a profile wants of an ISO; `name` as the ISO has it, '' for the ISO itself. */
export interface IsoTake {
  readonly asset: string;
  readonly name: string;
}

/** What of an ISO a profile needs, or what the ISO is instead. Letters of either case are the same, as on the ISO. */
export function judgeIso(
  iso: Pick<Iso, 'label' | 'names'>,
  profile: Pick<AnyProfile, 'name'>,
  wishes: readonly AssetWish[],
): { readonly takes: readonly IsoTake[] } | { readonly refused: string; readonly hint: string } {
  const byName = new Map(iso.names.map((name) => [name.toLowerCase(), name]));
  const wanted = wishes.flatMap((wish) => {
    const paths = wish.sources.flatMap((source) => (source.from === 'iso' ? [source.path] : []));
    return paths.length === 0 ? [] : [{ asset: wish.name, paths }];
  });
  if (wanted.length === 0)
    return { refused: `${profile.name} needs nothing of an ISO`, hint: 'leave --profile out?' };
  const takes = wanted.map(({ asset, paths }) => {
    const name = paths
      .map((path) => (path === '' ? '' : byName.get(path.toLowerCase())))
      .find((found) => found !== undefined);
    return { asset, paths, name };
  });
  const missing = takes.filter(({ name }) => name === undefined).map(({ paths }) => paths[0]);
  if (missing.length > 0)
    return {
      refused: `this ISO is not for ${profile.name}: it is ${describeIso(iso)}`,
      hint: `it lacks ${missing.join(', ')}`,
    };
  return { takes: takes.map(({ asset, name = '' }) => ({ asset, name })) };
}

/** Files by which the media of a system are known. */
const marks: readonly (readonly [file: string, system: string])[] = [
  ['sources/boot.wim', 'Windows'],
  ['casper/vmlinuz', 'Ubuntu'],
  ['install.amd/vmlinuz', 'Debian'],
  ['.disk/info', 'of the Debian family'],
  ['images/pxeboot/vmlinuz', 'of the Red Hat family'],
  ['arch/boot/x86_64/vmlinuz-linux', 'Arch Linux'],
  ['boot/x86_64/loader/linux', 'of the SUSE family'],
];

/** What an ISO is, for people: `Debian ("Debian 12.8.0 amd64 n")`. */
export function describeIso({ label, names }: Pick<Iso, 'label' | 'names'>): string {
  const known = new Set(names.map((name) => name.toLowerCase()));
  const system = marks.find(([file]) => known.has(file))?.[1] ?? 'something unknown';
  return `${system} ("${label}")`;
}
