import { mkdirSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Lets Node keep compiled code between runs, which saves a fifth of a short command's time. What is kept there is run as our own code, so the
 * folder must be the user's alone: `labkit` in `$XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory Specification), mode 0700; without such a
 * folder nothing is kept. Answers the folder in use.
 */
export function openCompileCache(env: {
  readonly [name: string]: string | undefined;
}): string | undefined {
  const home = env['HOME'];
  const caches = env['XDG_CACHE_HOME'] || (home && join(home, '.cache'));
  if (!caches?.startsWith('/')) return undefined;
  const folder = join(caches, 'labkit');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) return undefined;
    return enableCompileCache(join(folder, 'compiled')).directory;
  } catch {
    // No home, a full disk or a read-only one: everything works without.
    return undefined;
  }
}
