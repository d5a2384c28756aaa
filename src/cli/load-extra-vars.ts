import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LabError } from '../model/lab-error.ts';
import { holdsJinja, isPlayMapping, makeTemplate, type PlayVars } from '../model/play-value.ts';
import { parseKeyValue } from '../playbook/key-value.ts';
import { typePlayValue } from '../playbook/type-values.ts';
import { isVaultText } from '../store/vault.ts';
import { parseYaml } from '../store/yaml.ts';
import type { Context } from './context.ts';

/** Opens encrypted text; `what` says where it stands. */
interface Opener {
  decrypt(text: string, what: string): string;
}

/**
 * Reads what `-e` was given, as Ansible does: `k=v` words (every value is text), a YAML or JSON mapping (typed), or `@FILE`. The last one wins, name by name.
 * Throws LabError 'usage' or 'input' for what is no mapping.
 */
export async function loadExtraVars(
  { flags, io }: Pick<Context, 'flags' | 'io'>,
  vault: Opener,
): Promise<PlayVars> {
  const all: Record<string, PlayVars[string]> = Object.create(null);
  for (const word of flags.extraVars ?? [])
    Object.assign(all, await readWord(word.trim(), io.cwd, vault));
  return all;
}

async function readWord(word: string, cwd: string, vault: Opener): Promise<PlayVars> {
  if (word === '') return {};
  if (word.startsWith('@')) return readFrom(word.slice(1), cwd, vault);
  if (/^[[{]/.test(word)) return readYaml(word, '--extra-vars', vault);
  if (/^[./]/.test(word))
    throw new LabError(
      'usage',
      `-e ${word} is neither k=v nor YAML`,
      `to read a file, write -e @${word}`,
    );
  return readPairs(word);
}

function readPairs(word: string): PlayVars {
  const read = parseKeyValue(word, false);
  if (read === undefined || read.rest !== '')
    throw new LabError(
      'usage',
      `-e ${word}: ${read ? `"${read.rest}" has no =` : 'a quote is not closed'}`,
      'write k=v, or \'{"k": 1}\', or @FILE',
    );
  return Object.fromEntries(
    read.pairs.map(([name, text]) => [name, holdsJinja(text) ? makeTemplate(text) : text]),
  );
}

async function readFrom(file: string, cwd: string, vault: Opener): Promise<PlayVars> {
  const path = resolve(cwd, file);
  try {
    const text = await readFile(path, 'utf8');
    return readYaml(isVaultText(text) ? vault.decrypt(text, file) : text, file, vault);
  } catch (error) {
    if (error instanceof LabError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new LabError('usage', `cannot read -e @${file}: ${code}`, 'check the path', {
      cause: error,
    });
  }
}

function readYaml(text: string, name: string, vault: Opener): PlayVars {
  const { root, problems } = parseYaml(text, name);
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new LabError('input', `${name} cannot be read`, '', { problems: errors });
  const value = root
    ? typePlayValue(root, (inner, at) => vault.decrypt(inner, `${at.file}:${at.line}`))
    : null;
  if (value === null) return {};
  if (isPlayMapping(value)) return value;
  throw new LabError('input', `${name} is no mapping of variables`, 'write "name: value"');
}
