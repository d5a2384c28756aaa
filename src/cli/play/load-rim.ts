import { isUtf8 } from 'node:buffer';
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { LabError } from '../../model/lab-error.ts';
import type { AnyModule } from '../../model/module.ts';
import type { LoadRim } from '../../playbook/load-rim.ts';
import { checkTemplate } from '../../playbook/template/check-template.ts';
import { namesIn } from '../../playbook/template/names-in.ts';
import { parseYaml } from '../../store/yaml.ts';
import type { Context } from '../context.ts';

/** What the playbook loader reads with. `decryptText` opens files that ansible-vault encrypted as a whole. */
export function makeLoadRim(
  { io }: Context,
  modules: ReadonlyMap<string, AnyModule>,
  vault: { decrypt(text: string, what: string): string },
): LoadRim {
  const texts = new Map<string, Promise<string | undefined>>();
  const readText = (path: string): Promise<string | undefined> => {
    const known = texts.get(path) ?? readOnce(path, vault);
    texts.set(path, known);
    return known;
  };
  return {
    readText,
    isFile: async (path) => (await stat(path).catch(() => undefined))?.isFile() ?? false,
    isFolder: async (path) => (await stat(path).catch(() => undefined))?.isDirectory() ?? false,
    listFolder: async (path) => (await readdir(path).catch(() => [])).sort(),
    parseYaml,
    modules,
    rolesPath: rolesPathOf(io.env['ANSIBLE_ROLES_PATH'], io.cwd, io.env['HOME'] ?? homedir()),
    checkTemplate,
    namesIn,
    decrypt: (text, at) => vault.decrypt(text, `${at.file}:${at.line}`),
  };
}

/** Where roles are looked for after the playbook's own folder, as Ansible does by default. */
function rolesPathOf(written: string | undefined, cwd: string, home: string): string[] {
  const path =
    written ??
    [join(home, '.ansible/roles'), '/usr/share/ansible/roles', '/etc/ansible/roles'].join(':');
  return path
    .split(':')
    .filter((folder) => folder !== '')
    .map((folder) => resolve(cwd, folder.replace(/^~(?=\/|$)/, home)));
}

async function readOnce(
  path: string,
  vault: { decrypt(text: string, what: string): string },
): Promise<string | undefined> {
  try {
    const bytes = await readFile(path);
    if (!isUtf8(bytes)) throw notUtf8(path, bytes);
    const text = bytes.toString('utf8');
    return text.startsWith('$ANSIBLE_VAULT;') ? vault.decrypt(text, path) : text;
  } catch (error) {
    if (error instanceof LabError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw new LabError('input', `cannot read ${path}: ${code}`, '', { cause: error });
  }
}

/** Letters that cannot be read would go to the PCs as question marks; what is before the first of them tells its line. */
function notUtf8(path: string, bytes: Buffer): LabError {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    line++;
    start = end + 1;
  }
  const hint = 'save it as UTF-8 in the editor, or: iconv -f GB18030 -t UTF-8';
  return new LabError('input', `${path} is not UTF-8 text (see line ${line})`, hint);
}
