import { mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { readCommandLines } from '../src/cli/overview.ts';

/**
 * Builds `dist/`: the program and every catalog entry and command as a file of its own, sharing chunks,
 * so that the built program finds entries by listing folders as the source tree does. Packages stay outside.
 */
const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const made = join(root, `dist.${process.pid}`);

const catalogFolders = await readdir(join(source, 'catalog'), { withFileTypes: true });
const folders = [
  'cli/commands',
  ...catalogFolders.filter((each) => each.isDirectory()).map(({ name }) => `catalog/${name}`),
];
const entries = ['cli/bin.ts'];
for (const folder of folders) {
  for (const file of await readdir(join(source, folder))) {
    if (file.endsWith('.ts')) entries.push(`${folder}/${file}`);
  }
}
const started = new Date();
try {
  await mkdir(made, { recursive: true });
  await build({
    entryPoints: entries.map((entry) => join(source, entry)),
    outdir: made,
    outbase: source,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22.18',
    packages: 'external',
    legalComments: 'none',
    logLevel: 'warning',
  });
  const lines = await readCommandLines(source);
  await writeFile(join(made, 'cli', 'commands.json'), `${JSON.stringify(lines, null, 1)}\n`);
  await utimes(join(made, 'cli', 'bin.js'), started, started);
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await rename(made, join(root, 'dist'));
} finally {
  await rm(made, { recursive: true, force: true });
}
