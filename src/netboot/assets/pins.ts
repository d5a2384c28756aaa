import type { AssetPin } from '../site-profile.ts';

/** What `netboot assets add` and `fetch` pinned: by profile, then by asset. */
export type Pins = ReadonlyMap<string, readonly AssetPin[]>;

/** Reads `pins.json` (`lab.pins/1`); entries that are none are left out, so that their assets count as not pinned. */
export function parsePins(text: string): Pins {
  const read = parseJson(text);
  const profiles = Object.entries(tableOf(tableOf(read)['profiles']));
  return new Map(
    profiles.map(([profile, assets]) => [
      profile,
      Object.entries(tableOf(assets)).flatMap(([asset, sha256]) =>
        typeof sha256 === 'string' && /^[\da-f]{64}$/.test(sha256)
          ? [{ asset, sha256, url: '', path: '' }]
          : [],
      ),
    ]),
  );
}

/** The pins with one more, in place of an older one for the same asset. */
export function addPin(pins: Pins, profile: string, asset: string, sha256: string): Pins {
  const others = (pins.get(profile) ?? []).filter((pin) => pin.asset !== asset);
  return new Map([...pins, [profile, [...others, { asset, sha256, url: '', path: '' }]]]);
}

/** The text of `pins.json`. */
export function renderPins(pins: Pins): string {
  const profiles = [...pins]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([profile, list]) => {
      const sorted = [...list].sort((a, b) => (a.asset < b.asset ? -1 : 1));
      return [profile, Object.fromEntries(sorted.map(({ asset, sha256 }) => [asset, sha256]))];
    });
  const document = { schema: 'lab.pins/1', profiles: Object.fromEntries(profiles) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function tableOf(value: unknown): { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as { [key: string]: unknown }) : {};
}
