import { resolve } from 'node:path';
import type { Located } from '../model/located.ts';
import type { AnyProfile } from '../model/profile.ts';
import { hintFor, type ReportProblem } from './profile-problem.ts';
import type { AssetPin } from './site-profile.ts';

/** Reads `assets:` of a site's profile: `{ NAME: { sha256, file or url } }`; paths count from the profile's folder. */
export function readPins(
  node: Located | undefined,
  { folder, base, options }: { folder: string; base: AnyProfile; options: unknown },
  report: ReportProblem,
): AssetPin[] {
  if (node === undefined) return [];
  if (node.kind !== 'map') {
    report(node, 'assets', 'assets must be a mapping', 'write NAME: { sha256: ..., file: ... }');
    return [];
  }
  const known = base.assets(options).map(({ name }) => name);
  return node.entries.flatMap(({ key, value }) => {
    const path = `assets.${key.text}`;
    if (!known.includes(key.text)) {
      report(key, path, `${base.name} needs no asset "${key.text}"`, hintFor(key.text, known));
      return [];
    }
    const pin = readPin(key.text, value, path, report);
    return [{ ...pin, path: pin.path === '' ? '' : resolve(folder, pin.path) }];
  });
}

function readPin(asset: string, node: Located, path: string, report: ReportProblem): AssetPin {
  const found = { sha256: '', url: '', file: '' };
  if (node.kind !== 'map')
    report(node, path, `"${asset}" must be a mapping`, 'write sha256:, and file: or url:');
  for (const { key, value } of node.kind === 'map' ? node.entries : []) {
    const name = (['sha256', 'url', 'file'] as const).find((one) => one === key.text);
    if (name === undefined || value.kind !== 'scalar')
      report(
        key,
        `${path}.${key.text}`,
        `"${key.text}" is not understood`,
        'write sha256, file or url',
      );
    else found[name] = value.text;
  }
  if (node.kind === 'map' && !/^[0-9a-f]{64}$/.test(found.sha256))
    report(
      node,
      `${path}.sha256`,
      `"${asset}" is pinned by no SHA-256`,
      'write the 64 hex digits that sha256sum prints',
    );
  if (found.url !== '' && !/^https?:\/\/[^\s]+$/.test(found.url))
    report(
      node,
      `${path}.url`,
      `"${found.url}" is no address to fetch from`,
      'write http:// or https://',
    );
  return { asset, sha256: found.sha256, url: found.url, path: found.file };
}
