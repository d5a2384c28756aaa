import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { listEntries, loadEntry } from '../../src/cli/catalog.ts';
import type { AnyExport, Binding } from '../../src/model/export.ts';
import type { Host, Inventory } from '../../src/model/host.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { readOptions } from '../../src/model/options.ts';
import { anyRegister, makeRegister } from '../helpers/make-register.ts';
import { makeFile, resolveTexts } from '../inventory/load-raw.ts';

/**
 * Drives every export over its fixtures, `tests/fixtures/exports/<name>/<case>.yaml`:
 *   title: a sentence, what the case shows
 *   inventory: the text of a YAML inventory; all its hosts are exported
 *   options: optional, by name
 *   text: the exact text that is written; or
 *   problems: all that are told, each with the fields to compare (texts are parts of the real ones)
 *   undo: optional, the exact text that takes the bindings back
 *   warnings: optional, parts of what is told, each once
 *   silent: optional, parts of what must not be told
 *   read: optional, a text that people or a device wrote, with `bindings` (fields to compare) and `unknown` (lines)
 */
interface Case {
  readonly file: string;
  readonly title: string;
  readonly inventory?: string;
  readonly options?: Record<string, never>;
  readonly text?: string;
  readonly problems?: readonly Parts[];
  readonly undo?: string;
  readonly warnings?: readonly string[];
  readonly silent?: readonly string[];
  readonly read?: {
    readonly text: string;
    readonly bindings: readonly Parts[];
    readonly unknown: readonly { line: number; text: string }[];
  };
}
type Parts = { readonly [key: string]: string | number };

const program = join(import.meta.dirname, '..', '..', 'src');
const fixtures = join(import.meta.dirname, '..', 'fixtures', 'exports');
const exports: AnyExport[] = [];
for (const name of await listEntries(program, 'catalog/exports'))
  exports.push(await loadEntry<AnyExport>(program, 'catalog/exports', name));
const at = '2025-09-01T00:00:00.000Z';

function loadCases(name: string): Case[] {
  const folder = join(fixtures, name);
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.yaml'))
        .sort()
        .map((file) => ({ file, ...parse(readFileSync(join(folder, file), 'utf8')) }))
    : [];
}

function optionsOf(entry: AnyExport, written: Record<string, never> = {}): unknown {
  const { options, problems } = readOptions(entry.options, written);
  expect(problems).toEqual([]);
  return options;
}

function inventoryOf({ inventory = '' }: Case): Inventory {
  return resolveTexts(makeFile(inventory)).inventory;
}

function partly(expected: Parts): unknown {
  return Object.fromEntries(
    Object.entries(expected).map(([key, value]) => [
      key,
      typeof value === 'string' && /message|hint/.test(key)
        ? expect.stringContaining(value)
        : value,
    ]),
  );
}

/** Every host is there, every binding is a host's, and what one of them carries all of them carry. */
function expectSame(hosts: readonly Host[], bindings: readonly Binding[]): void {
  const carried = (field: 'name' | 'ip' | 'vlan') => bindings.some((each) => each[field] !== '');
  const seen = new Set<string>();
  for (const binding of bindings) {
    const host = hosts.find(({ name, macs }) =>
      binding.mac === '' ? name === binding.name : macs.some(({ addr }) => addr === binding.mac),
    );
    expect(host, binding.mac).toBeDefined();
    expect(binding.line).toBeGreaterThan(0);
    expect(binding.name).toBe(carried('name') ? host?.name : '');
    expect(binding.ip).toBe(carried('ip') ? host?.ip : '');
    expect(binding.vlan).toBe(carried('vlan') ? host?.vlan || host?.room?.vlan : '');
    seen.add(host?.name ?? '');
  }
  expect(seen.size).toBe(hosts.length);
}

/** What an export wrote, as text, or the error it threw. */
function write(entry: AnyExport, inventory: Inventory, options: unknown): string | LabError {
  try {
    const text = entry.write(inventory.hosts, options, { inventory, at });
    return typeof text === 'string' ? text : Buffer.from(text).toString('latin1');
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
}

/** The text is as the fixture has it, and all of it is understood when it is read back. */
function expectText(
  entry: AnyExport,
  options: unknown,
  one: Case,
  hosts: readonly Host[],
  written: unknown,
): void {
  expect(written).toBe(one.text);
  const read = entry.read?.(one.text ?? '', options);
  expect(read?.unknown ?? []).toEqual([]);
  if (one.undo !== undefined)
    expect(entry.undo?.(read?.bindings ?? [], options, hosts)).toBe(one.undo);
}

function expectRefusal(written: string | LabError, problems: readonly Parts[]): void {
  expect(written).toBeInstanceOf(LabError);
  const { kind, problems: found } = written as LabError;
  expect(kind).toBe('input');
  expect(found).toEqual(problems.map((part) => expect.objectContaining(partly(part))));
}

describe.each(exports)('export $name', (entry) => {
  const cases = loadCases(entry.name);

  it.each(cases)('$title ($file)', (one) => {
    const inventory = inventoryOf(one);
    const options = optionsOf(entry, one.options);
    const written = write(entry, inventory, options);
    if (one.text !== undefined) expectText(entry, options, one, inventory.hosts, written);
    if (one.problems !== undefined) expectRefusal(written, one.problems);
    const warnings = entry.warnings?.(inventory.hosts, options) ?? [];
    for (const part of one.warnings ?? [])
      expect(
        warnings.filter((warning) => warning.includes(part)),
        part,
      ).toHaveLength(1);
    for (const part of one.silent ?? []) expect(warnings.join('\n')).not.toContain(part);
    for (const warning of warnings) expect(warning).toMatch(/^[^\n]+[.]$/);
    if (one.read !== undefined) {
      const read = entry.read?.(one.read.text, options);
      const bindings = one.read.bindings.map((part) => expect.objectContaining(part));
      expect(read).toEqual({ bindings, unknown: one.read.unknown });
    }
  });

  it('says what each of its settings is for', () => {
    for (const option of Object.values<{ summary: string }>(entry.options))
      expect(option.summary).not.toBe('');
  });

  it('writes the same register in the same bytes, with line ends that its consumer takes', () => {
    const inventory = makeRegister(60);
    const written = write(entry, inventory, optionsOf(entry));
    expect(written).not.toBeInstanceOf(LabError);
    expect(write(entry, inventory, optionsOf(entry))).toBe(written);
    if (!['csv', 'xlsx'].includes(entry.extension)) expect(written).not.toMatch(/[\r\ufeff]/);
  });

  it('refuses to write nothing', () => {
    const retired = makeRegister(3, { status: 'retired' });
    const written = write(entry, retired, optionsOf(entry));
    if (!carriesAll.has(entry.name)) expect(written).toBeInstanceOf(LabError);
  });
});

/** Sheets for people show retired PCs, too. */
const carriesAll = new Set(['csv', 'xlsx']);

describe.each(exports.filter(({ read }) => read))('the bindings that $name writes', (entry) => {
  it('come back as they were, whatever the register', () => {
    const options = optionsOf(entry);
    fc.assert(
      fc.property(anyRegister(), (inventory) => {
        const written = write(entry, inventory, options);
        if (written instanceof LabError) throw new Error(JSON.stringify(written.problems));
        const read = entry.read?.(written, options);
        expect(read?.unknown).toEqual([]);
        expectSame(inventory.hosts, read?.bindings ?? []);
      }),
      { numRuns: 60 },
    );
  });

  it('are read from any text without a throw', () => {
    const options = optionsOf(entry);
    const sample = write(entry, makeRegister(3), options) as string;
    const cut = fc
      .tuple(
        fc.nat(sample.length),
        fc.nat(sample.length),
        fc.string({ unit: 'binary', maxLength: 9 }),
      )
      .map(([from, to, middle]) => sample.slice(0, from) + middle + sample.slice(to));
    fc.assert(
      fc.property(fc.oneof(cut, fc.string({ unit: 'binary', maxLength: 300 })), (text) => {
        const read = entry.read?.(text, options);
        return read?.bindings.every(({ line }) => line > 0) === true;
      }),
      { numRuns: 200 },
    );
  });
});
