import type { Connection } from '../model/connection.ts';
import type { Host } from '../model/host.ts';
import { LabError } from '../model/lab-error.ts';
import type { Plan, StepContext, StepResult } from '../model/plan.ts';
import { type Comparison, compareFiles, type WantedFile } from './copy-compare.ts';
import { type ActingOptions, becomeOf, planBase } from './plan-command.ts';
import { renderTargetLock } from './target-lock.ts';

/** A local file to be copied; read anew for every host unless the reader keeps it. */
export interface CopyFile {
  /** Below the source folder, with `/`; the file's own name for a lone file. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  readonly sha256: string;
  read(): Promise<Uint8Array | AsyncIterable<Uint8Array>>;
}

/** What is copied: a lone file, or all that is in a folder. */
export interface CopySource {
  readonly kind: 'file' | 'folder';
  /** The last part of its path. */
  readonly name: string;
  /** True when a folder was written with `/` at its end: its content is copied, not the folder itself (as in Ansible). */
  readonly contentOnly: boolean;
  /** Folders below it, parents first. */
  readonly folders: readonly string[];
  readonly files: readonly CopyFile[];
}

/** What `lab copy` asks for. */
export interface CopyOptions extends ActingOptions {
  readonly source: CopySource;
  /** On the host; relative ones count from the login's home folder. A `/` at its end, or a folder that is there, takes a lone file under its own name. */
  readonly dest: string;
}

/** Plans the copying of a file or folder: what is the same already is not sent again, what was sent is compared afterwards. Throws LabError 'usage' for a destination that cannot be meant. */
export function planCopy(options: CopyOptions): Plan {
  const { source, dest } = options;
  checkPaths(dest, source);
  const title = `copy ${source.name} to ${dest}`;
  const run = (context: StepContext) => copyTo(context, options);
  return { ...planBase(options), title, steps: [{ id: 'copy', title, run }] };
}

function checkPaths(dest: string, source: CopySource): void {
  if (dest === '' || dest.startsWith('~'))
    throw new LabError(
      'usage',
      `"${dest}" is no destination`,
      'write an absolute path, or one that counts from the home folder of the login',
    );
  const all = [dest, ...source.folders, ...source.files.map(({ path }) => path)];
  const odd = all.find((path) => /[\n\r\0]/.test(path));
  if (odd !== undefined)
    throw new LabError('usage', `the name ${JSON.stringify(odd)} holds a line break`, 'rename it');
}

async function copyTo(context: StepContext, options: CopyOptions): Promise<StepResult> {
  const { host } = context;
  const connection = await context.connection();
  const placed = placeFiles(options);
  const exec = { signal: context.signal, ...becomeOf(host, options.becomeUser) };
  const compare = (wanted: Parameters<typeof compareFiles>[1]): Promise<Comparison> =>
    compareFiles(connection, wanted, options.holder, exec);
  const before = speaksSh(host) ? await compare(placed) : undefined;
  const targets = before?.into ? moveInto(placed) : placed.files;
  const found = before?.found ?? targets.map(() => 'unsure' as const);
  const blocked = targets.find((_, index) => found[index] === 'folder');
  if (blocked) throw new LabError('failed', `${blocked.path} is a folder`);
  const stale = targets.filter((_, index) => found[index] !== 'same' && found[index] !== 'mode');
  await send(connection, stale, context, exec);
  const sure = before !== undefined && !found.includes('unsure');
  if (sure && stale.length > 0) {
    const after = await compare({ folders: [], files: stale, name: '' });
    confirm(stale, after);
  }
  const modes = found.filter((each) => each === 'mode').length;
  return renderCopied(placed.files.length, stale, modes, sure, before);
}

type Placed = WantedFile & Pick<CopyFile, 'read' | 'size'>;

/** Where everything goes on the host. */
function placeFiles({ source, dest }: CopyOptions): {
  readonly folders: readonly string[];
  readonly files: readonly Placed[];
  readonly name: string;
} {
  // A path that begins with a hyphen would be read as an option.
  const base = dest.startsWith('-') ? `./${dest}` : dest;
  if (source.kind === 'file') {
    const inFolder = base.endsWith('/');
    const path = inFolder ? `${base}${source.name}` : base;
    const files = source.files.map((file) => ({ ...file, path }));
    return { folders: inFolder ? [base] : [], files, name: inFolder ? '' : source.name };
  }
  const trimmed = base.replace(/\/+$/, '');
  const root = source.contentOnly ? trimmed : `${trimmed}/${source.name}`;
  const at = (path: string) => `${root}/${path}`;
  return {
    folders: [root || '/', ...source.folders.map(at)],
    files: source.files.map((file) => ({ ...file, path: at(file.path) })),
    name: '',
  };
}

function moveInto({ files, name }: { files: readonly Placed[]; name: string }): readonly Placed[] {
  return files.map((file) => ({ ...file, path: `${file.path}/${name}` }));
}

async function send(
  connection: Connection,
  files: readonly Placed[],
  context: StepContext,
  options: { readonly becomeUser?: string },
): Promise<void> {
  for (const { path, mode, read } of files) {
    context.signal.throwIfAborted();
    await connection.put(await read(), path, { ...options, mode, signal: context.signal });
  }
}

function confirm(sent: readonly Placed[], { found }: Comparison): void {
  const wrong = sent.find((_, index) => found[index] !== 'same' && found[index] !== 'mode');
  if (!wrong) return;
  throw new LabError(
    'failed',
    `${wrong.path} is not what was sent`,
    'its disk or the file here changed meanwhile; run it again',
  );
}

function renderCopied(
  files: number,
  sent: readonly Placed[],
  modes: number,
  verified: boolean,
  before: Comparison | undefined,
): StepResult {
  const bytes = sent.reduce((sum, { size }) => sum + size, 0);
  return {
    outcome: sent.length + modes > 0 ? 'changed' : 'ok',
    changes: sent
      .slice(0, 100)
      .map(({ path, size }) => ({ summary: `write ${path} (${size} bytes)` })),
    data: {
      files,
      sent: sent.length,
      modes,
      bytes,
      verified: verified || sent.length === 0,
      ...(before && renderTargetLock(before.lock)),
    },
  };
}

/** Whether a host's commands are for a POSIX shell. */
export function speaksSh({ connection }: Host): boolean {
  return connection.kind !== 'winrm' && !['powershell', 'cmd'].includes(connection.shellType);
}
