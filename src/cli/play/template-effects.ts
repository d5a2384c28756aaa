import { spawnSync } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { typeValue } from '../../model/yaml-value.ts';
import type { TemplateEffects } from '../../playbook/template/effects.ts';
import { parseYaml } from '../../store/yaml.ts';
import type { Io } from '../io.ts';

/** The longest a command of `lookup('pipe')` may take. */
const pipeTimeoutMs = 60_000;

/** What templates may ask this machine for. */
export function makeTemplateEffects(io: Io): TemplateEffects {
  return {
    readText: (path) => orUndefined(() => readFileSync(path, 'utf8')),
    pathAt(path) {
      const link = orUndefined(() => lstatSync(path));
      const found = orUndefined(() => statSync(path));
      if (!link) return undefined;
      if (!found) return { kind: 'broken', isLink: true };
      const kind = found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other';
      return { kind, isLink: link.isSymbolicLink() };
    },
    listFolder: (path) => orUndefined(() => readdirSync(path).sort()) ?? [],
    realPath: (path) => orUndefined(() => realpathSync(path)) ?? path,
    env: (name) => io.env[name],
    pipe: runPipe,
    nowMs: () => io.now(),
    random: () => randomInt(2 ** 47) / 2 ** 47,
    digest: (algorithm, bytes) => createHash(algorithm).update(bytes).digest(),
    parseYaml(text) {
      const { root, problems } = parseYaml(text, 'text');
      const error = problems.find(({ severity }) => severity === 'error');
      if (error) throw new Error(error.message);
      return root === undefined ? [] : [typeValue(root)];
    },
    savePassword(path, text) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, text, { mode: 0o600 });
    },
  };
}

/** A command a person wrote into `lookup('pipe')`, run by the controller's shell as Ansible does. */
function runPipe(command: string): string {
  const { status, stdout, stderr, error } = spawnSync('/bin/sh', ['-c', command], {
    encoding: 'utf8',
    timeout: pipeTimeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  if (status === 0) return stdout.replace(/\n+$/, '');
  throw new Error(`lookup_plugin.pipe(${command}) returned ${status}: ${stderr.trim()}`);
}

function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
