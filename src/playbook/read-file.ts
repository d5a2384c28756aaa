import { addProblem, type FileRead, type Loading, openVault, reportTo } from './loading.ts';

/** Reads a YAML file once for a whole load; vault files are decrypted. Its problems are told when it is read first. */
export async function readFile(path: string, loading: Loading): Promise<FileRead> {
  const known = loading.files.get(path);
  if (known !== undefined) return known;
  const text = await loading.rim.readText(path);
  if (text === undefined) return { kind: 'missing' };
  const read = parseFile(text, path, loading);
  loading.files.set(path, read);
  return read;
}

function parseFile(text: string, path: string, loading: Loading): FileRead {
  const plain = text.startsWith('$ANSIBLE_VAULT;') ? decryptFile(text, path, loading) : text;
  if (plain === undefined) return { kind: 'read', root: undefined, isBroken: true };
  const { root, problems } = loading.rim.parseYaml(plain, path);
  for (const problem of problems) addProblem(loading, problem);
  const isBroken = problems.some((problem) => problem.severity === 'error');
  return { kind: 'read', root, isBroken };
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
