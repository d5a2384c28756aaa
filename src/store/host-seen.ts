import type { Database } from './database.ts';

/** Keeps when a host was last reached (ISO 8601), within the caller's transaction; an earlier moment changes nothing. */
export function saveSeen(database: Database, host: string, at: string): void {
  const sql =
    'INSERT INTO seen (host, at) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET at = max(at, excluded.at)';
  database.run(sql, host, at);
}

/** When each host was last reached by a run, ISO 8601; hosts that never were are not in it. */
export function listSeen(database: Database): Map<string, string> {
  const sql =
    'SELECT host, max(at) AS at FROM (SELECT host, at FROM seen UNION ALL SELECT host, at FROM facts) GROUP BY host';
  return new Map(database.all(sql).map(({ host, at }) => [String(host), String(at)]));
}
