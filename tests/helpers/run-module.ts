import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { CallQueue, ReadyCall } from '../../src/engine/play/hands.ts';
import { openWorker, type WorkerSettings } from '../../src/engine/play/open-worker.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { AnyModule, Call, ModuleResult, Source, SourceTree } from '../../src/model/module.ts';
import { readArguments } from '../../src/model/read-arguments.ts';
import type { Value } from '../../src/model/value.ts';
import { makeHost } from './make-host.ts';

/** A module call of a test. */
export interface ModuleCall {
  readonly module: AnyModule;
  /** As a playbook has them: by name, or free text. */
  readonly args: Value;
  /** Files of the controller by name; a name that ends in `/` is a folder. */
  readonly files?: { readonly [name: string]: string | Uint8Array };
  readonly vars?: { readonly [name: string]: Value };
  readonly environment?: { readonly [name: string]: string };
  readonly becomeUser?: string;
  readonly checkMode?: boolean;
  readonly diffMode?: boolean;
}

let counter = 0;

/** Reads arguments by the module's own table, as the engine does. */
export function readArgs(module: AnyModule, written: Value): { [name: string]: unknown } {
  const given = typeof written === 'string' ? readText(module, written) : written;
  const read = readArguments(module, given as { [name: string]: Value });
  if ('problems' in read) throw new Error(`${module.name}: ${read.problems.join('; ')}`);
  return read.args;
}

function readText(module: AnyModule, text: string): { [name: string]: Value } {
  if (module.freeForm !== undefined) return { [module.freeForm]: text };
  const words = text.split(/\s+/).filter(Boolean);
  return Object.fromEntries(words.map((word) => [word.split('=')[0], word.replace(/^[^=]*=/, '')]));
}

/** Runs modules on one host, one after another. */
export function openModuleRig(
  connect: () => Promise<Connection>,
  more: Partial<WorkerSettings> = {},
) {
  const checkMode = more.checkMode ?? false;
  const worker = openWorker({ ...hereSettings(connect), ...more, checkMode });
  return {
    worker,
    async run(wanted: ModuleCall): Promise<ModuleResult> {
      const [result] = await this.runAll([wanted]);
      if (result === undefined) throw new Error('no result came');
      return result;
    },
    /** Several calls in one queue. */
    async runAll(wanted: readonly ModuleCall[]): Promise<ModuleResult[]> {
      const calls = wanted.map((one) => readyCall({ checkMode, ...one }));
      const results: ModuleResult[] = [];
      const queue: CallQueue = {
        peek: (n) => calls[results.length + n],
        async settle(result) {
          results.push(result);
          return result.failed !== true;
        },
      };
      await worker.work(queue);
      return results;
    },
    close: () => worker.close(),
  };
}

/** Settings of a worker that uses this machine's clock and files. */
export function hereSettings(connect: () => Promise<Connection>): WorkerSettings {
  return {
    host: makeHost('pc'),
    connect,
    checkMode: false,
    nonce: () => `t${++counter}`,
    nowMs: Date.now,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    async *openSource(path) {
      yield sourceBytes.get(path) ?? new Uint8Array();
    },
    async saveHere(path, content) {
      const pieces: Uint8Array[] = [];
      for await (const piece of content) pieces.push(piece);
      const bytes = Buffer.concat(pieces);
      await writeFile(path, bytes);
      return { sha1: sha1Of(bytes), size: bytes.length };
    },
    sha1Here: async () => undefined,
  };
}

const sourceBytes = new Map<string, Uint8Array>();

const sha1Of = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');

/** Makes a call ready to run, as the engine does. */
export function readyCall(wanted: ModuleCall): ReadyCall {
  const { module, files = {}, vars = {}, environment = {}, becomeUser } = wanted;
  if ('decide' in module) throw new Error(`${module.name} needs no host`);
  const args = readArgs(module, wanted.args);
  const wishes = module.sources?.(args) ?? {};
  const sources = Object.fromEntries(
    Object.entries(wishes).map(([name, wish]) => [name, sourceOf(wish.path, files)]),
  );
  const call: Call = {
    host: 'pc',
    checkMode: wanted.checkMode ?? false,
    diffMode: wanted.diffMode ?? true,
    user: becomeUser ?? 'root',
    sources,
    renderFile: ({ text }) =>
      text.replace(/\{\{ *(\w+) *\}\}/g, (_, name: string) => String(vars[name])),
    predicted: () => undefined,
    predictsAny: () => false,
    variable: (name) => vars[name],
    nonce: `c${++counter}`,
    nowMs: Date.now,
    environment,
  };
  return { module: module as ReadyCall['module'], args, call, becomeUser, secrets: [] };
}

function sourceOf(path: string, files: ModuleCall['files'] = {}): Source | undefined {
  const content = files[path];
  if (content !== undefined) return fileOf(`/controller/${path}`, content);
  const prefix = `${path.replace(/\/+$/, '')}/`;
  const below = Object.entries(files).filter(([name]) => name.startsWith(prefix));
  return below.length === 0 ? undefined : treeOf(prefix, below);
}

function treeOf(prefix: string, below: readonly [string, string | Uint8Array][]): SourceTree {
  const folders = new Set<string>();
  for (const [name] of below) {
    const parts = name.slice(prefix.length).split('/');
    for (let length = 1; length < parts.length; length++)
      folders.add(parts.slice(0, length).join('/'));
  }
  return {
    path: `/controller/${prefix.slice(0, -1)}`,
    folders: [...folders].sort().map((path) => ({ path, mode: 0o755 })),
    files: below
      .filter(([name]) => !name.endsWith('/'))
      .map(([name, content]) => ({
        ...fileOf(`/controller/${name}`, content),
        relative: name.slice(prefix.length),
      })),
  };
}

function fileOf(path: string, content: string | Uint8Array) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  sourceBytes.set(path, bytes);
  return {
    path,
    size: bytes.length,
    mode: 0o644,
    mtime: 1_700_000_000,
    sha1: sha1Of(bytes),
    ...(bytes.length <= 1024 * 1024 && { content: bytes }),
  };
}
