import type { AssetWish, ChosenProfile } from '../../model/profile.ts';

/** Sentences that name files of a profile which are not here, those that one command brings together in one: `vmlinuz, initrd.img of the profile debian-12 are not here: lab image build-system`. */
export function describeMissing({ name }: ChosenProfile, wishes: readonly AssetWish[]): string[] {
  const byRemedy = Map.groupBy(wishes, (wish) => remedyFor(name, wish));
  return [...byRemedy].map(([remedy, those]) => {
    const files = those.map((wish) => wish.name).join(', ');
    return `${files} of the profile ${name} ${those.length === 1 ? 'is' : 'are'} not here: ${remedy}`;
  });
}

/** The command that brings a file; what nobody pinned a person has to bring. */
export function remedyFor(profile: string, { name, sha256, sources }: AssetWish): string {
  const from = new Set(sources.map((source) => source.from));
  if (from.has('deployment-system')) return 'lab image build-system';
  if (sha256 !== '' || from.has('package')) return `lab netboot assets fetch --profile ${profile}`;
  return from.has('iso')
    ? `lab netboot assets add FILE.iso --profile ${profile}`
    : `lab netboot assets add FILE --profile ${profile} --asset ${name}`;
}
