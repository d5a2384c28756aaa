/** The layout of the state database: each text takes it one version further (`PRAGMA user_version`). Never change one that was published; add the next. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    run TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT,
    totals TEXT,
    hosts INTEGER NOT NULL,
    process TEXT NOT NULL
  ) STRICT;
  CREATE TABLE events (
    run TEXT NOT NULL,
    seq INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (run, seq)
  ) STRICT;
  CREATE TABLE locks (
    host TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    who TEXT NOT NULL,
    since TEXT NOT NULL,
    run TEXT NOT NULL,
    process TEXT NOT NULL
  ) STRICT;
  CREATE TABLE facts (
    host TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    facts TEXT NOT NULL
  ) STRICT;
  `,
];
