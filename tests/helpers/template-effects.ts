import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { Scope } from '../../src/model/play-value.ts';
import { trustValue } from '../../src/model/play-value.ts';
import type { Value } from '../../src/model/value.ts';
import type { TemplateEffects } from '../../src/playbook/template/templar.ts';

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** What templates ask the controller for, answered by this machine. */
export const realEffects: TemplateEffects = {
  readText: (path) => quietly(() => readFileSync(path, 'utf8')),
  pathAt: (path) => {
    const link = quietly(() => lstatSync(path));
    if (!link) return undefined;
    const end = quietly(() => statSync(path));
    const kind = !end
      ? 'broken'
      : end.isFile()
        ? 'file'
        : end.isDirectory()
          ? 'directory'
          : 'other';
    return { kind, isLink: link.isSymbolicLink() };
  },
  listFolder: (path) => quietly(() => readdirSync(path).sort()) ?? [],
  realPath: (path) => quietly(() => realpathSync(path)) ?? path,
  env: (name) => ({ HOME: '/nonexistent', LC_ALL: 'C.UTF-8', PWD: '/' })[name],
  pipe: (command) => execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }),
  nowMs: () => Date.now(),
  random: () => Math.random(),
  digest: (algorithm, bytes) => createHash(algorithm).update(bytes).digest(),
  parseYaml: (text) =>
    parseAllDocuments(text, { version: '1.1' }).map((document) => {
      const [error] = document.errors;
      if (error) throw error;
      return document.toJS() as Value;
    }),
};

/** A scope of variables that people wrote: text with braces in it is a template. */
export function scopeOf(vars: { readonly [name: string]: Value }, folders: string[] = []): Scope {
  const trusted = trustValue(vars) as { readonly [name: string]: Value };
  return {
    get: (name) => (Object.hasOwn(trusted, name) ? trusted[name] : undefined),
    names: () => Object.keys(trusted),
    folders,
  };
}
