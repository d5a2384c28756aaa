import { LabError } from '../model/lab-error.ts';
import type { Problem } from '../model/problem.ts';
import { addProblem, type FileRead, type Loading, openVault, reportTo } from './loading.ts';

/** Reads a YAML file once for a whole load; vault files are decrypted. Its problems are told when it is read first. */
export async function readFile(path: string, loading: Loading): Promise<FileRead> {
  const known = loading.files.get(path);
  if (known !== undefined) return known;
  const found = await readSafely(path, loading);
  if (found === 'missing') return { kind: 'missing' };
  const read: FileRead =
    found === 'unreadable'
      ? { kind: 'read', root: undefined, isBroken: true }
      : parseFile(found.text, path, loading);
  loading.files.set(path, read);
  return read;
}

/** The text of a file; what cannot be opened is told with its reason. */
export async function readSafely(
  path: string,
  loading: Loading,
): Promise<{ readonly text: string } | 'missing' | 'unreadable'> {
  try {
    const text = await loading.rim.readText(path);
    return text === undefined ? 'missing' : { text };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const at = { file: path, line: 1, column: 1 };
    reportTo(loading)(at, 'unreadable-file', error.message, error.hint || 'make it readable');
    return 'unreadable';
  }
}

/** Whether a regular file is there, readable or not. */
export async function isThere(path: string, loading: Loading): Promise<boolean> {
  const { isFile } = loading.rim;
  return isFile ? await isFile(path) : (await readSafely(path, loading)) !== 'missing';
}

function parseFile(text: string, path: string, loading: Loading): FileRead {
  const plain = text.startsWith('$ANSIBLE_VAULT;') ? decryptFile(text, path, loading) : text;
  if (plain === undefined) return { kind: 'read', root: undefined, isBroken: true };
  const { root, problems } = loading.rim.parseYaml(plain, path);
  for (const problem of problems) addProblem(loading, explainBraces(problem, plain));
  const isBroken = problems.some((problem) => problem.severity === 'error');
  return { kind: 'read', root, isBroken };
}

/** YAML takes `{{ x }}` without quotes for a mapping within a mapping; people need to hear of the quotes. */
function explainBraces(problem: Problem, text: string): Problem {
  const line = text.split('\n')[problem.line - 1] ?? '';
  const isBare = problem.rule === 'complex-key' && /^\s*\{\{/.test(line.slice(problem.column - 2));
  if (!isBare) return problem;
  const message = 'a value that begins with {{ needs quotes around it';
  return { ...problem, rule: 'bare-braces', message, hint: 'write "{{ name }}" with the quotes' };
}

function decryptFile(text: string, path: string, loading: Loading): string | undefined {
  const at = { file: path, line: 1, column: 1 };
  if (loading.rim.decrypt !== undefined) return openVault(loading, text, at);
  const hint = 'give --vault-password-file, or --ask-vault-pass';
  reportTo(loading)(
    at,
    'vault-locked',
    'the file is encrypted and no vault password was given',
    hint,
  );
  return undefined;
}
