import type { Report } from '../model/report.ts';
import { columnOf } from './run-frame.ts';

/** A file that a profile needs, as it stands. */
export type AssetLine = {
  readonly profile: string;
  readonly asset: string;
  readonly state: 'ok' | 'missing' | 'unpinned' | 'altered';
  readonly bytes: number;
  readonly sha256: string;
};

const keys = ['profile', 'asset', 'state', 'bytes', 'sha256'] as const;
const tones = { ok: 'good', missing: 'doubt', unpinned: 'quiet', altered: 'bad' } as const;

/** The files of all profiles, and what to do about those that are not here. */
export function reportAssets(lines: readonly AssetLine[], at: string): Report {
  const rows = lines.map((line) => Object.fromEntries(keys.map((key) => [key, line[key]])));
  const has = (state: AssetLine['state']): boolean => lines.some((line) => line.state === state);
  const notes = [
    ...(has('missing') ? ['missing: lab netboot assets fetch; lab image build-system'] : []),
    ...(has('unpinned')
      ? ['unpinned: lab netboot assets add FILE --profile NAME [--asset ASSET]']
      : []),
    ...(has('altered') ? ['altered: delete the file, then lab netboot assets fetch'] : []),
  ];
  return {
    schema: 'lab.assets/1',
    title: '',
    startedAt: at,
    finishedAt: at,
    document: { assets: rows },
    tables: [
      {
        title: '',
        columns: [
          { key: 'profile', title: 'Profile' },
          { key: 'asset', title: 'Asset' },
          { key: 'state', title: 'State' },
          { key: 'bytes', title: 'MB', align: 'right' },
          { key: 'sha256', title: 'SHA-256', flexible: true },
        ],
        rows: lines.map(({ profile, asset, state, bytes, sha256 }) => [
          profile,
          asset,
          state,
          bytes === 0 ? '' : (bytes / 1e6).toFixed(1),
          sha256,
        ]),
        tones: lines.map(({ state }) => tones[state]),
        notes,
      },
    ],
    records: { columns: keys.map(columnOf), rows },
  };
}
