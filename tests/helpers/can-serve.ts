import { spawnSync } from 'node:child_process';

/** Whether the tools are here and this user may make network namespaces. Without them tests are skipped loudly, and fail where CI=true. */
export function canServe(...tools: readonly string[]): boolean {
  const missing = ['ip', 'unshare', ...tools].filter(
    (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
  );
  const mayUnshare = () => spawnSync('unshare', ['--net', '--mount', 'true']).status === 0;
  if (missing.length === 0 && mayUnshare()) return true;
  const why =
    missing.length > 0 ? `${missing.join(', ')} is missing` : 'no namespaces can be made here';
  if (process.env['CI'] === 'true') throw new Error(`${why}: bin/test sets up what is missing`);
  console.warn(`SKIPPED: ${why}, no real program was asked`);
  return false;
}
