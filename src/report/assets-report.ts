import type { Lang, Report } from '../model/report.ts';
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
const headings = {
  en: { profile: 'profile', asset: 'asset', state: 'state' },
  'zh-CN': { profile: '系统', asset: '文件', state: '状态' },
} as const;
const tones = { ok: 'good', missing: 'doubt', unpinned: 'quiet', altered: 'bad' } as const;

/** The files of all profiles, and what to do about those that are not here. */
export function reportAssets(lines: readonly AssetLine[], at: string, lang: Lang): Report {
  const said = headings[lang];
  const rows = lines.map((line) => Object.fromEntries(keys.map((key) => [key, line[key]])));
  const has = (state: AssetLine['state']): boolean => lines.some((line) => line.state === state);
  const notes = [
    ...(has('missing')
      ? ['missing: lab netboot assets fetch; of the deployment system: lab image build-system']
      : []),
    ...(has('unpinned')
      ? ['unpinned: lab netboot assets add FILE --profile NAME [--asset ASSET]']
      : []),
    ...(has('altered')
      ? [
          'altered: delete the file, then fetch or add it again; of the deployment system: lab image build-system',
        ]
      : []),
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
          { key: 'profile', title: said.profile },
          { key: 'asset', title: said.asset },
          { key: 'state', title: said.state },
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
