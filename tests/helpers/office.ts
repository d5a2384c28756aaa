import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Whether LibreOffice is there; without it the tests that need it are skipped aloud, and fail where CI=true. */
export function hasOffice(): boolean {
  const found = spawnSync('soffice', ['--version']).error === undefined;
  if (!found && process.env['CI'] !== 'true')
    console.warn(
      'SKIPPED: no spreadsheet program reads what we write; install libreoffice-calc-nogui',
    );
  return found || process.env['CI'] === 'true';
}

/** Has LibreOffice open a file and save it in another form; `options` are its filter options. A profile of its own keeps it from others' settings. */
export async function convertByOffice(
  name: string,
  content: string | Uint8Array,
  target: string,
  infilter?: string,
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-office-'));
  try {
    await writeFile(join(folder, name), content);
    const [extension = ''] = target.split(':');
    const out = join(folder, 'out');
    await promisify(execFile)(
      'soffice',
      [
        `-env:UserInstallation=file://${folder}/profile`,
        ...['--headless', '--norestore', '--convert-to', target, '--outdir', out],
        ...(infilter === undefined ? [] : [`--infilter=${infilter}`]),
        join(folder, name),
      ],
      { timeout: 100_000, env: { ...process.env, HOME: folder, LC_ALL: 'C.UTF-8' } },
    );
    return await readFile(join(out, name.replace(/\.[^.]*$/, `.${extension}`)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A cell as LibreOffice understood it. */
export interface OfficeCell {
  readonly type: string;
  readonly text: string;
  readonly formula: string;
}

/** The cells of the first sheet of a flat OpenDocument text, row by row; repeated empty ones at the ends are left out. */
export function readFlatSheet(xml: string): OfficeCell[][] {
  const sheet = /<table:table [\s\S]*?<\/table:table>/.exec(xml)?.[0] ?? '';
  return [...sheet.matchAll(/<table:table-row[^>]*?(?:\/>|>([\s\S]*?)<\/table:table-row>)/g)]
    .map(([, row = '']) => {
      const cells = row.matchAll(
        /<table:table-cell([^>]*?)(?:\/>|>([\s\S]*?)<\/table:table-cell>)/g,
      );
      const read = [...cells].flatMap(([, attributes = '', body = '']): OfficeCell[] => {
        const count = Number(/number-columns-repeated="(\d+)"/.exec(attributes)?.[1] ?? 1);
        const cell = {
          type: /office:value-type="([^"]*)"/.exec(attributes)?.[1] ?? '',
          formula: /table:formula="([^"]*)"/.exec(attributes)?.[1] ?? '',
          text: textOf(body),
        };
        return cell.type === '' && count > 50 ? [] : new Array<OfficeCell>(count).fill(cell);
      });
      while (read.at(-1)?.type === '') read.pop();
      return read;
    })
    .filter((row) => row.length > 0);
}

function textOf(body: string): string {
  const paragraphs = [...body.matchAll(/<text:p[^>]*?(?:\/>|>([\s\S]*?)<\/text:p>)/g)];
  return paragraphs
    .map(([, text = '']) =>
      text
        .replaceAll(/<text:s text:c="(\d+)"\/>/g, (_, count: string) => ' '.repeat(Number(count)))
        .replaceAll('<text:s/>', ' ')
        .replaceAll('<text:tab/>', '\t')
        .replaceAll(/<[^>]*>/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&apos;', "'")
        .replaceAll('&amp;', '&'),
    )
    .join('\n');
}
