import { defineCommand } from '../define-command.ts';
import { manageAssets } from '../netboot/manage-assets.ts';

export default defineCommand({
  syntax: 'netboot assets <action> [file]',
  summary: 'The files that PCs are handed while they boot: list, fetch, add, verify',
  description:
    'Each is pinned by its SHA-256 and verified before every use. fetch gets what is pinned or comes in a signed Debian package; add takes an ISO, or one file with --asset, and pins what it is; verify reads every byte.',
  options: [
    ['--profile <name>', 'only what this profile needs'],
    ['--asset <name>', 'with add: the file is this asset, not an ISO'],
  ],
  families: ['output', 'project'],
  examples: [
    'netboot assets list',
    'netboot assets fetch --profile debian-12-installer',
    'netboot assets add Win11_24H2.iso --profile windows-11',
    'netboot assets add wimboot --profile windows-11 --asset wimboot',
  ],
  run: (context, [action, file], { profile, asset }) =>
    manageAssets(context, String(action), {
      file: file as string | undefined,
      profile: typeof profile === 'string' ? profile : undefined,
      asset: typeof asset === 'string' ? asset : undefined,
    }),
});
