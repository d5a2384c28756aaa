import type { Value } from './value.ts';

/** One column of a table. `key` names it in CSV and never changes; `title` is for people. */
export interface Column {
  readonly key: string;
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** May be cut or wrapped when the terminal is narrow; others keep their width as long as possible. */
  readonly flexible?: boolean;
  /** Never wrapped, even beyond the terminal's edge: for what people and editors copy, such as `file:line:column`. */
  readonly fixed?: boolean;
}

/** A table for people: each row has a text per column. */
export interface ReportTable {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Row colours by index: 'good', 'bad', 'doubt', 'quiet'. */
  readonly tones?: readonly Tone[];
  /** Printed between the title and the table, one line each. */
  readonly above?: readonly string[];
  /** Printed under the table, one line each. */
  readonly notes: readonly string[];
}

export type Tone = 'good' | 'bad' | 'doubt' | 'quiet' | 'plain';

/** One case of a test report (JUnit): 'error' means it could not be found out. */
export interface ReportCase {
  readonly suite: string;
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'error' | 'skipped';
  readonly message: string;
  readonly detail: string;
  readonly durationMs: number;
}

/** What a command found: the one value every output format is a fold over. */
export interface Report {
  /** Such as `lab.check/1`. */
  readonly schema: string;
  readonly title: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** The JSON report without `schema`; its shape is a contract (docs/cli.md). */
  readonly document: { readonly [key: string]: Value };
  /** For people: table and markdown print these in order. */
  readonly tables: readonly ReportTable[];
  /** For machines: CSV prints these; NDJSON prints one object per row. */
  readonly records: {
    readonly columns: readonly Column[];
    readonly rows: readonly { readonly [key: string]: Value }[];
  };
  /** For JUnit, where it makes sense. */
  readonly cases?: readonly ReportCase[];
  /** Whether it carries owners' names; then a file it is written to is for its owner only (0600). */
  readonly carriesOwners?: boolean;
}

/** How a report is to look. */
export interface FormatSettings {
  /** Terminal columns; Infinity when unbounded. */
  readonly columns: number;
  readonly color: boolean;
  readonly lang: Lang;
}

export type Lang = 'en' | 'zh-CN';

/** One way to print a report; one file under catalog/formats each. */
export interface Format<T extends string | Uint8Array = string | Uint8Array> {
  readonly name: string;
  readonly summary: string;
  readonly extension: string;
  /** True for bytes that are no text: a terminal never gets them. */
  readonly isBinary?: T extends string ? false : true;
  /** Throws LabError 'usage' when this report has nothing for it. */
  write(report: Report, settings: FormatSettings): T;
}

/** Declares a report format; exists so that the type is checked where the format is written. */
export function defineFormat<T extends string | Uint8Array>(format: Format<T>): Format<T> {
  return format;
}
