import { cp, mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type PluginBuild } from 'esbuild';
import { readCommandLines } from '../src/cli/overview.ts';

/**
 * Builds `dist/`: the program and every catalog entry and command as a file of its own, sharing chunks,
 * so that the built program finds entries by listing folders as the source tree does. Folders that are only ever
 * loaded whole become one file with all their entries: opening eighty takes a quarter of a second. Packages stay outside.
 */
const root = join(import.meta.dirname, '..');
const source = join(root, 'src');
const made = join(root, `dist.${process.pid}`);

const catalogFolders = await readdir(join(source, 'catalog'), { withFileTypes: true });
const folders = [
  'cli/commands',
  ...catalogFolders.filter((each) => each.isDirectory()).map(({ name }) => `catalog/${name}`),
];
/** Folders of which nobody wants a single entry. */
const whole = ['catalog/modules', 'catalog/checks', 'catalog/profiles'];
const entries = ['cli/bin.ts'];
for (const folder of folders.filter((each) => !whole.includes(each))) {
  for (const file of await readdir(join(source, folder))) {
    if (file.endsWith('.ts')) entries.push(`${folder}/${file}`);
  }
}
/** `whole:FOLDER` is a module whose default export lists the folder's entries in the order of their names. */
function bundleWhole(build: PluginBuild): void {
  build.onResolve({ filter: /^whole:/ }, ({ path }) => ({
    path: path.slice('whole:'.length),
    namespace: 'whole',
  }));
  build.onLoad({ filter: /.*/, namespace: 'whole' }, async ({ path }) => {
    const files = (await readdir(join(source, path))).filter((file) => file.endsWith('.ts')).sort();
    const imports = files.map((file, at) => `import entry${at} from './${file}';`);
    const list = files.map((_, at) => `entry${at}`).join(', ');
    return {
      contents: `${imports.join('\n')}\nexport default [${list}];\n`,
      resolveDir: join(source, path),
      loader: 'ts',
    };
  });
}

const started = new Date();
try {
  await mkdir(made, { recursive: true });
  await build({
    entryPoints: [
      ...entries.map((entry) => ({ in: join(source, entry), out: entry.replace(/\.ts$/, '') })),
      ...whole.map((folder) => ({ in: `whole:${folder}`, out: folder })),
    ],
    plugins: [{ name: 'whole folders', setup: bundleWhole }],
    outdir: made,
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
  // Programs that run on a target, not here (lab image build-system).
  const target = join('imaging', 'deployment', 'target');
  await cp(join(source, target), join(made, target), { recursive: true });
  const lines = await readCommandLines(source);
  await writeFile(join(made, 'cli', 'commands.json'), `${JSON.stringify(lines, null, 1)}\n`);
  await utimes(join(made, 'cli', 'bin.js'), started, started);
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await rename(made, join(root, 'dist'));
} finally {
  await rm(made, { recursive: true, force: true });
}
