import type { Vars } from '../model/value.ts';
import type { Database, Row } from './database.ts';

/** What was found out about a host, and when (ISO 8601). */
export interface HostFacts {
  readonly host: string;
  readonly at: string;
  readonly facts: Vars;
}

/** Keeps facts per host, in place of what was known before. */
export function saveFacts(database: Database, found: readonly HostFacts[]): void {
  const sql = 'INSERT OR REPLACE INTO facts (host, at, facts) VALUES (?, ?, ?)';
  database.transaction(() => {
    for (const { host, at, facts } of found) database.run(sql, host, at, JSON.stringify(facts));
  });
}

/** The facts of one host, if any are known. */
export function loadFacts(database: Database, host: string): HostFacts | undefined {
  return database.all('SELECT * FROM facts WHERE host = ?', host).map(factsOf)[0];
}

/** The facts of all hosts, by name. */
export function listFacts(database: Database): HostFacts[] {
  return database.all('SELECT * FROM facts ORDER BY host').map(factsOf);
}

function factsOf(row: Row): HostFacts {
  return {
    host: String(row['host']),
    at: String(row['at']),
    facts: JSON.parse(String(row['facts'])),
  };
}
