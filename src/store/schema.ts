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
  `
  CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    host TEXT NOT NULL,
    content TEXT,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX ledger_host ON ledger (host, seq);
  CREATE INDEX ledger_kind ON ledger (kind, seq);
  CREATE INDEX ledger_at ON ledger (at);
  CREATE TABLE ledger_addresses (
    address TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (address, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX ledger_addresses_seq ON ledger_addresses (seq);
  CREATE TABLE ledger_journal (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    content TEXT NOT NULL
  ) STRICT;
  CREATE TABLE ledger_marks (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER ledger_only_grows BEFORE INSERT ON ledger
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger) OR NEW.content IS NULL
    BEGIN SELECT RAISE(ABORT, 'a row of the ledger is only added behind the last one'); END;
  CREATE TRIGGER ledger_keeps_rows BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'no row is taken out of the ledger'); END;
  CREATE TRIGGER ledger_keeps_content BEFORE UPDATE ON ledger
    WHEN NOT EXISTS (SELECT 1 FROM ledger_marks WHERE name = 'purging')
      OR NEW.content IS NOT NULL OR NEW.seq <> OLD.seq
      OR NEW.previous <> OLD.previous OR NEW.hash <> OLD.hash
    BEGIN SELECT RAISE(ABORT, 'no row of the ledger is changed'); END;
  CREATE TRIGGER ledger_keeps_addresses BEFORE DELETE ON ledger_addresses
    WHEN NOT EXISTS (SELECT 1 FROM ledger_marks WHERE name = 'purging')
    BEGIN SELECT RAISE(ABORT, 'no address is taken out of the ledger'); END;
  CREATE TRIGGER ledger_keeps_address BEFORE UPDATE ON ledger_addresses
    BEGIN SELECT RAISE(ABORT, 'no address of the ledger is changed'); END;
  `,
  `
  CREATE TABLE seen (
    host TEXT PRIMARY KEY,
    at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE play_calls (
    run TEXT NOT NULL,
    call TEXT NOT NULL,
    result TEXT,
    PRIMARY KEY (run, call)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE logbook (
    seq INTEGER PRIMARY KEY,
    content TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER logbook_only_grows BEFORE INSERT ON logbook
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM logbook)
    BEGIN SELECT RAISE(ABORT, 'a row of the logbook is only added behind the last one'); END;
  CREATE TRIGGER logbook_keeps_rows BEFORE DELETE ON logbook
    BEGIN SELECT RAISE(ABORT, 'no row is taken out of the logbook'); END;
  CREATE TRIGGER logbook_keeps_content BEFORE UPDATE ON logbook
    BEGIN SELECT RAISE(ABORT, 'no row of the logbook is changed'); END;
  CREATE TABLE canaries (
    digest TEXT NOT NULL,
    model TEXT NOT NULL,
    run TEXT NOT NULL,
    PRIMARY KEY (digest, model)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE invocations (
    run TEXT PRIMARY KEY,
    words TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE armings (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    live INTEGER NOT NULL,
    token_hash TEXT NOT NULL,
    session_hash TEXT NOT NULL,
    content TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX armings_live_host ON armings (host) WHERE live = 1;
  CREATE INDEX armings_live ON armings (live, seq);
  CREATE INDEX armings_token ON armings (token_hash) WHERE token_hash <> '';
  CREATE INDEX armings_session ON armings (session_hash) WHERE session_hash <> '';
  CREATE TABLE arming_addresses (
    mac TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES armings (seq) ON DELETE CASCADE,
    PRIMARY KEY (mac, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX arming_addresses_seq ON arming_addresses (seq);
  CREATE TABLE arming_version (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
  ) STRICT;
  INSERT INTO arming_version (id, version) VALUES (1, 0);
  CREATE TABLE boot_alerts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    content TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE boot_pins (
    room TEXT PRIMARY KEY,
    salt TEXT NOT NULL,
    hash TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    tries_left INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];
