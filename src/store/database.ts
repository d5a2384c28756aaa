import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { LabError } from '../model/lab-error.ts';
import { environmentError } from './database-errors.ts';
import { giveToOwner, makeFolder } from './make-folder.ts';
import { migrations } from './schema.ts';

/** An open state database. Statements are prepared once and kept. */
export interface Database {
  readonly path: string;
  /** Runs statements in one transaction that is on the disk when this returns; 'quick' leaves the moment of writing to the system: kept over a crash of the program, perhaps lost in a power cut. */
  transaction<T>(work: () => T, durability?: 'durable' | 'quick'): T;
  run(sql: string, ...values: SqlValue[]): number;
  all(sql: string, ...values: SqlValue[]): Row[];
  close(): void;
}

export type SqlValue = string | number | null;
export type Row = { readonly [column: string]: unknown };

const busyTimeoutMs = 10_000;

/** Opens the database of a state folder, making both when missing (folder 0700, file 0600); throws LabError 'environment' when it cannot be used. */
export function openDatabase(folder: string): Database {
  const path = join(folder, 'lab.sqlite');
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw environmentError(error, path);
    }
  };
  const sqlite = guarded(() => openFile(folder, path));
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  const prepare = (sql: string) => {
    const known = statements.get(sql) ?? sqlite.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  return {
    path,
    transaction: (work, durability = 'durable') =>
      guarded(() => {
        sqlite.exec(`PRAGMA synchronous = ${durability === 'durable' ? 'FULL' : 'NORMAL'}`);
        return inTransaction(sqlite, work);
      }),
    run: (sql, ...values) => guarded(() => Number(prepare(sql).run(...values).changes)),
    all: (sql, ...values) => guarded(() => prepare(sql).all(...values)),
    close: () => guarded(() => sqlite.close()),
  };
}

function openFile(folder: string, path: string): DatabaseSync {
  makeFolder(folder, 0o700);
  // SQLite gives its side files the mode and, as root, the owner of this one. Only a missing one is made: to close a file drops the locks that another connection of this process has on it (sqlite.org/howtocorrupt.html, 2.2).
  if (!existsSync(path)) {
    closeSync(openSync(path, 'a', 0o600));
    giveToOwner(path);
  }
  const sqlite = new (loadSqlite().DatabaseSync)(path, { timeout: busyTimeoutMs });
  try {
    // What is dropped is gone: results of a journal may hold secrets.
    sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON');
    migrate(sqlite, path);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function migrate(sqlite: DatabaseSync, path: string): void {
  const version = () => Number(sqlite.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version() === migrations.length) return;
  inTransaction(sqlite, () => {
    // Another process may have done it while we waited for the lock.
    const from = version();
    if (from > migrations.length) {
      throw new LabError(
        'environment',
        `${path} was written by a newer Labkit (layout ${from}, this one knows ${migrations.length})`,
        'use the newer Labkit, or another state folder with --state',
      );
    }
    for (const step of migrations.slice(from)) sqlite.exec(step);
    sqlite.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function inTransaction<T>(sqlite: DatabaseSync, work: () => T): T {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    sqlite.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk ends the transaction by itself (sqlite.org/lang_transaction.html, 3).
    if (sqlite.isTransaction) sqlite.exec('ROLLBACK');
    throw error;
  }
}

/** Loads the built-in SQLite when first needed, without the "experimental" warning that older Node versions print. */
function loadSqlite(): typeof import('node:sqlite') {
  const warn = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = warn;
  }
}
