import type { Host } from '../model/host.ts';
import type { Position } from '../model/problem.ts';
import type { Lang, Report } from '../model/report.ts';
import { isMapping, type Value } from '../model/value.ts';
import { renderHostDocument } from './host-document.ts';
import { maskValue } from './shown-vars.ts';
import { wordsOf } from './words.ts';

// Labkit's fields in the order of the register's sheet; all others follow by name.
const firstFields = [
  'room',
  'seat',
  'mac',
  'ip',
  'owner',
  'asset',
  'serial',
  'uuid',
  'model',
  'class',
  'ownership',
  'status',
  'switch_port',
  'vlan',
  'profile',
  'protected',
  'power',
];
// What is in effect although nobody wrote it.
const defaults: readonly (keyof Host & ('ownership' | 'status' | 'protected'))[] = [
  'ownership',
  'status',
  'protected',
];

interface Effective {
  readonly name: string;
  readonly value: Value;
  readonly at: Position | undefined;
}

/** Folds one host into every value in effect with the place it was written (`lab.host/1`): Labkit's fields first, then the others by name. */
export function reportHost(host: Host, at: string, lang: Lang): Report {
  const words = wordsOf(lang);
  const values = effectiveValues(host);
  const rows = values.map(({ name, value, at: place }) => ({
    name,
    value,
    file: place?.file ?? '',
    line: place?.line ?? null,
    column: place?.column ?? null,
  }));
  return {
    schema: 'lab.host/1',
    title: host.name,
    startedAt: at,
    finishedAt: at,
    document: { host: renderHostDocument(host), values: rows },
    tables: [
      {
        title: '',
        columns: [
          { key: 'name', title: words.variable },
          { key: 'value', title: words.value, flexible: true },
          { key: 'origin', title: words.origin, fixed: true },
        ],
        rows: values.map(({ name, value, at: place }) => [
          name,
          renderValue(value),
          place ? `${place.file}:${place.line}` : words.default,
        ]),
        notes: [],
      },
    ],
    records: {
      columns: ['name', 'value', 'file', 'line', 'column'].map((key) => ({ key, title: key })),
      rows,
    },
  };
}

function effectiveValues(host: Host): Effective[] {
  const written = Object.entries(host.vars).map(([name, value]) => ({
    name,
    value,
    at: host.originOf(name),
  }));
  const names = new Set(written.map(({ name }) => name));
  const assumed = defaults
    .filter((name) => !names.has(name))
    .map((name) => ({ name, value: host[name], at: undefined }));
  const rankOf = ({ name }: Effective): number =>
    firstFields.indexOf(name) + 1 || firstFields.length + 1;
  return [...written, ...assumed]
    .map((each) => ({ ...each, value: maskValue(each.name, each.value) }))
    .sort((a, b) => rankOf(a) - rankOf(b) || (a.name < b.name ? -1 : 1));
}

/** A value for people: a line for each field of a mapping, a list of scalars in one line. */
function renderValue(value: Value): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((each) => typeof each !== 'object'))
    return value.join(', ');
  if (!isMapping(value)) return JSON.stringify(value);
  return Object.entries(value)
    .map(
      ([name, field]) =>
        `${name}: ${isMapping(field) ? JSON.stringify(field) : renderValue(field)}`,
    )
    .join('\n');
}
