import type { AssetWish, ChosenProfile } from '../../model/profile.ts';
import type { Trouble } from './trouble.ts';

/** Names files of a profile that are not here, those that one command brings together: `vmlinuz, initrd.img of the profile debian-12 are not here`, `lab image build-system`. */
export function describeMissing({ name }: ChosenProfile, wishes: readonly AssetWish[]): Trouble[] {
  const byRemedy = Map.groupBy(wishes, (wish) => remedyFor(name, wish));
  return [...byRemedy].map(([hint, those]) => {
    const files = those.map((wish) => wish.name).join(', ');
    const message = `${files} of the profile ${name} ${those.length === 1 ? 'is' : 'are'} not here`;
    return { message, hint };
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

/** What to say where the image that a profile writes was never made. */
export function describeMissingImage(chosen: ChosenProfile): Trouble[] {
  const wanted = chosen.profile.image?.(chosen.options);
  if (wanted === undefined || chosen.image) return [];
  return [{ message: `there is no image ${wanted}`, hint: buildCommand(chosen) }];
}

/** The command that makes the image of a profile; its name is told where it is not the profile's own. */
export function buildCommand({ profile, options }: ChosenProfile): string {
  const image = profile.image?.(options) ?? profile.name;
  return `lab image build ${profile.name}${image === profile.name ? '' : ` --name ${image}`}`;
}
