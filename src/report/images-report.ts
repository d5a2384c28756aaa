import type { Image } from '../model/image.ts';
import type { Lang, Report } from '../model/report.ts';
import { renderLocalSecond } from './local-time.ts';
import { columnOf } from './run-frame.ts';

const keys = ['image', 'title', 'kind', 'madeAt', 'bytes', 'packages', 'stamp'] as const;

const headings = {
  en: { image: 'image', title: 'system', made: 'made', packages: 'packages', stamp: 'stamp' },
  'zh-CN': { image: '镜像', title: '系统', made: '制作时间', packages: '软件包', stamp: '标记' },
} as const;

/** All images, and what is wrong with folders that should be some. */
export function reportImages(
  images: readonly Image[],
  broken: readonly { readonly name: string; readonly troubles: readonly string[] }[],
  at: string,
  lang: Lang,
): Report {
  const said = headings[lang];
  const rows = images.map((image) => ({
    image: image.name,
    title: image.title,
    kind: image.kind,
    madeAt: image.madeAt,
    bytes: bytesOf(image),
    packages: image.packages.length,
    stamp: image.stamp,
  }));
  const notes = broken.map(({ name, troubles }) => `${name} is broken: ${troubles.join('; ')}`);
  return {
    ...frameOf(at),
    document: { images: rows, broken: broken.map(({ name, troubles }) => ({ name, troubles })) },
    tables: [
      {
        title: '',
        columns: [
          { key: 'image', title: said.image },
          { key: 'title', title: said.title, flexible: true },
          { key: 'madeAt', title: said.made },
          { key: 'bytes', title: 'MB', align: 'right' },
          { key: 'packages', title: said.packages, align: 'right' },
          { key: 'stamp', title: said.stamp },
        ],
        rows: rows.map(({ image, title, madeAt, bytes, packages, stamp }) => [
          image,
          title,
          renderLocalSecond(madeAt),
          (bytes / 1e6).toFixed(0),
          String(packages),
          stamp.slice(0, 12),
        ]),
        notes:
          rows.length === 0 ? ['there are none yet: lab image build debian-12', ...notes] : notes,
      },
    ],
    records: { columns: keys.map(columnOf), rows },
  };
}

/** One image with everything its manifest says but its chunks. */
export function reportImage(image: Image, at: string): Report {
  const { name, title, kind, arch, madeAt, origin, layout, packages, stamp } = image;
  const told: readonly (readonly [string, string])[] = [
    ['image', name],
    ['system', `${title}, ${arch}, ${kind}`],
    ['made', renderLocalSecond(madeAt)],
    ['stamp', stamp],
    ['MB', (bytesOf(image) / 1e6).toFixed(0)],
    ...Object.entries(origin).filter(([, value]) => value !== ''),
    ...layout.map(({ role, mebibytes, filesystem, grows }, index): [string, string] => [
      `partition ${index + 1}`,
      `${role}, ${mebibytes} MiB${grows ? ' or more' : ''}, ${filesystem}`,
    ]),
  ];
  const rows = packages.map((one) => ({ package: one.name, version: one.version }));
  return {
    ...frameOf(at),
    document: {
      image: { name, title, kind, arch, madeAt, origin, stamp, bytes: bytesOf(image) },
      layout: layout.map((part) => ({ ...part })),
      packages: rows,
    },
    tables: [
      {
        title: '',
        columns: [
          { key: 'what', title: '' },
          { key: 'value', title: '', flexible: true },
        ],
        rows: told,
        notes: [`${packages.length} packages; -o csv lists them`],
      },
    ],
    records: { columns: ['package', 'version'].map(columnOf), rows },
  };
}

const bytesOf = ({ files }: Image): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

function frameOf(at: string): Pick<Report, 'schema' | 'title' | 'startedAt' | 'finishedAt'> {
  return { schema: 'lab.images/1', title: '', startedAt: at, finishedAt: at };
}
