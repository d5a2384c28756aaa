import { spawnSync } from 'node:child_process';

/** Whether the tools are here and this user may make network namespaces. Without them tests are skipped loudly, and fail where CI=true. */
export function canServe(...tools: readonly string[]): boolean {
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };
  const missing = ['ip', 'unshare', ...tools].filter(
    (tool) => spawnSync('sh', ['-c', `command -v ${tool}`], { env }).status !== 0,
  );
  const isRoot = process.getuid?.() === 0;
  if (missing.length === 0 && isRoot) return true;
  const why = missing.length > 0 ? `${missing.join(', ')} is missing` : 'this needs root';
  if (process.env['CI'] === 'true') throw new Error(`${why}: bin/test installs what is missing`);
  console.warn(`SKIPPED: ${why}, no real server was asked`);
  return false;
}
