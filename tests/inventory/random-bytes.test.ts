import { describe, expect, it } from 'vitest';
import { selectHosts } from '../../src/inventory/select.ts';
import { foldNames } from '../../src/model/host-names.ts';
import { LabError } from '../../src/model/lab-error.ts';
import { makeFile, resolveTexts } from './load-raw.ts';

const count = 100_000;

/** Random byte strings, the same at every run; half of them read as UTF-8, half byte by byte. */
function* randomTexts(seed: number): Generator<string> {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let made = 0; made < count; made++) {
    const bytes = Uint8Array.from({ length: next(24) }, () => next(256));
    yield next(2) === 0
      ? Buffer.from(bytes).toString('utf8')
      : Buffer.from(bytes).toString('latin1');
  }
}

/** A text as a double-quoted YAML scalar in plain ASCII. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function batches(seed: number, size: number): string[][] {
  const texts = [...randomTexts(seed)];
  return Array.from({ length: Math.ceil(count / size) }, (_, at) =>
    texts.slice(at * size, (at + 1) * size),
  );
}

describe('100,000 random byte strings', { timeout: 300_000 }, () => {
  it('as host names are hosts or problems with a place, and never anything else', () => {
    let hosts = 0;
    let problems = 0;
    for (const batch of batches(1, 2000)) {
      const names = [...new Set(batch)].map((name) => `    ${quote(name)}:`);
      const resolved = resolveTexts(makeFile(`all:\n  hosts:\n${names.join('\n')}\n`));
      hosts += resolved.inventory.hosts.length;
      problems += resolved.problems.length;
      for (const { line, message } of resolved.problems)
        expect(line * message.length).toBeGreaterThan(0);
      expect(foldNames(resolved.inventory.hosts.map(({ name }) => name))).toMatch(/./);
    }
    expect(hosts).toBeGreaterThan(count / 2);
    expect(problems).toBeGreaterThan(0);
  });

  it('as lines of an INI inventory are hosts or problems', () => {
    for (const batch of batches(2, 2000)) {
      const { raw, inventory } = resolveTexts(makeFile(batch.join('\n'), 'hosts'));
      expect(inventory.hosts.length + raw.problems.length).toBeGreaterThan(100);
    }
  });

  it('as owners come back as typed', () => {
    for (const batch of batches(3, 2000)) {
      const lines = batch.map((name, at) => `    h${at}: {owner: {name: ${quote(name)}}}`);
      const { inventory, problems } = resolveTexts(
        makeFile(`all:\n  hosts:\n${lines.join('\n')}\n`),
      );
      expect(problems).toEqual([]);
      expect(inventory.hosts.map(({ owner }) => owner.name)).toEqual(batch);
    }
  });

  it('as patterns choose hosts or are refused as a usage error', () => {
    const { inventory } = resolveTexts(
      makeFile('lab: {hosts: {"pc[01:24]": }}\nb: {hosts: {b1: , "*x": }}'),
    );
    let refused = 0;
    for (const pattern of randomTexts(4)) {
      try {
        expect(selectHosts(inventory, pattern).length).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof LabError) || error.kind !== 'usage') throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(count / 2);
  });
});
