import { createHash } from 'node:crypto';
import type { ChosenProfile } from '../model/profile.ts';
import { isMapping } from '../model/value.ts';

/** SHA-256 over a profile as it was shown: its options, assets and image. */
export function digestProfile({
  name,
  profile,
  options,
  image,
  playbook,
  suite,
}: ChosenProfile): string {
  const assets = profile.assets(options);
  return digestOf({
    name,
    base: profile.name,
    options,
    assets,
    image: image?.stamp ?? '',
    playbook,
    suite,
  });
}

/** SHA-256 of a value, whatever the order of its keys. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sortKeys)).digest('hex');
}

function sortKeys(_key: string, value: unknown): unknown {
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
