import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Located, makeSource } from '../../src/model/located.ts';
import { parseYaml } from '../../src/store/yaml.ts';
import { readYamlDocument } from '../../src/store/yaml-document.ts';
import { readPlainYaml } from '../../src/store/yaml-plain.ts';
import { documents, mutations } from './yaml-documents.ts';

const runs = Number(process.env['LAB_PROPERTY_RUNS'] ?? 3000);

/** A tree as plain data: everything but the source text that all nodes share. */
function shape(node: Located | undefined): unknown {
  if (!node) return undefined;
  const place = [node.start, node.end, node.tag];
  if (node.kind === 'scalar') return [node.text, node.plain, ...place];
  if (node.kind === 'list') return [...place, node.items.map(shape)];
  return [...place, node.entries.map(({ key, value }) => [shape(key), shape(value)])];
}

/** Whether the fast reader took the text; when it did, the full reader must have found the same and no fault. */
function agree(text: string): boolean {
  const isRefused = parseYaml(text, 'f.yaml').problems.some(
    ({ rule }) => rule === 'control-character',
  );
  if (isRefused) return false;
  const source = makeSource('f.yaml', text);
  const fast = readPlainYaml(source);
  if (!fast) return false;
  const full = readYamlDocument(source);
  expect(full.problems, text).toEqual([]);
  expect(shape(fast), text).toEqual(shape(full.root));
  return true;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
}

describe('the fast reader of plain YAML', () => {
  it('reads generated inventories exactly as the full reader does, and really reads them', () => {
    let taken = 0;
    fc.assert(
      fc.property(documents, (text) => {
        if (agree(text)) taken++;
      }),
      { numRuns: runs },
    );
    expect(taken).toBeGreaterThan(runs * 0.25);
  });

  it('accepts nothing that the full reader refuses or reads otherwise, whatever slips happened in the text', () => {
    let taken = 0;
    fc.assert(
      fc.property(documents, mutations, (text, mutate) => {
        if (agree(mutate(text))) taken++;
      }),
      { numRuns: runs },
    );
    expect(taken).toBeGreaterThan(runs * 0.05);
  });

  it('agrees with the full reader on every inventory of the corpus, and takes most of the YAML ones', () => {
    const files = filesBelow(join(import.meta.dirname, '..', 'fixtures', 'inventories'));
    const taken = files.filter((file) => agree(readFileSync(file, 'utf8')));
    expect(files.length).toBeGreaterThan(30);
    expect(taken.length).toBeGreaterThan(10);
  });

  it('agrees with the full reader on every line of the corpus alone and on every prefix of a file', () => {
    const text = readFileSync(
      join(import.meta.dirname, '..', 'fixtures', 'inventories', 'yaml-basic', 'hosts.yaml'),
      'utf8',
    );
    for (const line of text.split('\n')) agree(line.trim());
    const taken = Array.from(text, (_, end) => agree(text.slice(0, end))).filter(Boolean);
    expect(taken.length).toBeGreaterThan(100);
  });
});
