import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** This program's version, as its package says. */
export async function readVersion(programFolder: string): Promise<string> {
  const text = await readFile(join(dirname(programFolder), 'package.json'), 'utf8');
  return String(JSON.parse(text).version);
}
