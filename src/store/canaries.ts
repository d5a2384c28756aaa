import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Database } from './database.ts';

/** Models of PCs on which a playbook with this very content has passed. */
export function loadPassedModels(database: Database, digest: string): Set<string> {
  const rows = database.all('SELECT model FROM canaries WHERE digest = ?', digest);
  return new Set(rows.map(({ model }) => String(model)));
}

/** Remembers that a playbook passed on these models in a run. */
export function savePassedModels(
  database: Database,
  digest: string,
  models: readonly string[],
  run: string,
): void {
  database.transaction(() => {
    for (const model of models)
      database.run(
        'INSERT OR REPLACE INTO canaries (digest, model, run) VALUES (?, ?, ?)',
        digest,
        model,
        run,
      );
  });
}

/** SHA-256 over the names and contents of a playbook's files: another content is another playbook. */
export async function digestFiles(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) {
    const content = await readFile(file).catch(() => new Uint8Array());
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
