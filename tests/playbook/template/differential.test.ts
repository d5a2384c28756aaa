import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type Answer,
  agree,
  askAnsible,
  askLabkit,
  fixtures,
  hasAnsible,
  readCases,
  type TemplateCase,
} from '../../helpers/template-cases.ts';

interface Difference {
  readonly text: string;
  readonly ours: string;
  readonly reason: string;
}
const differences = parse(readFileSync(join(fixtures, 'differences.yaml'), 'utf8')) as Difference[];
const recorded = JSON.parse(readFileSync(join(fixtures, 'recorded.json'), 'utf8')) as {
  readonly [file: string]: { readonly [key: string]: Answer };
};
const files = readCases();
const keyOf = ({ kind, text }: TemplateCase): string => `${kind} ${text}`;
const ansible = hasAnsible();
if (!ansible && process.env['CI'] === 'true') throw new Error('ansible-core is missing');

const shown = ({ repr, undefined: message, error }: Answer): string =>
  repr ?? (message === undefined ? `error: ${error ?? ''}` : 'undefined');

/** Our answers that are not Ansible's and not declared either, and declared ones that are not as declared. */
function disagreements(
  cases: readonly TemplateCase[],
  theirs: (index: number) => Answer,
): string[] {
  return cases.flatMap((one, index) => {
    const [ours, answer] = [askLabkit(one), theirs(index)];
    const declared = differences.find(({ text }) => text === one.text);
    const isRight = declared
      ? shown(ours).replace(/^error: .*$/s, 'error') === declared.ours
      : agree(one.kind, ours, answer);
    const isStale = declared !== undefined && agree(one.kind, ours, answer);
    if (isRight && !isStale) return [];
    return [
      `${one.kind} ${one.text}: ours ${JSON.stringify(ours)}, Ansible's ${JSON.stringify(answer)}`,
    ];
  });
}

describe('templates beside Ansible 2.14', () => {
  it('are held on more than a thousand texts', () => {
    const count = [...files.values()].flat().length;
    expect(count).toBeGreaterThan(1000);
    expect(Object.values(recorded).flatMap((file) => Object.keys(file)).length).toBe(
      new Set([...files].flatMap(([name, cases]) => cases.map((one) => `${name} ${keyOf(one)}`)))
        .size,
    );
  });

  it.each([...files])('give what Ansible gave when %s was recorded', (name, cases) => {
    const answers = recorded[name] ?? {};
    expect(
      disagreements(cases, (index) => {
        const one = cases[index];
        return (one && answers[keyOf(one)]) ?? { error: 'not recorded' };
      }),
    ).toEqual([]);
  });

  it.runIf(ansible).each([...files])('give what Ansible gives now for %s', (_, cases) => {
    const answers = askAnsible(cases);
    expect(disagreements(cases, (index) => answers[index] ?? { error: 'no answer' })).toEqual([]);
  });

  it('differ only where the reason is written down, on texts that are still there', () => {
    const texts = new Set([...files.values()].flat().map(({ text }) => text));
    expect(differences.filter(({ text, reason }) => !texts.has(text) || reason === '')).toEqual([]);
  });
});
