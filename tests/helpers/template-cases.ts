import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { makeTemplate } from '../../src/model/play-value.ts';
import { TemplateError } from '../../src/model/template-error.ts';
import type { Value } from '../../src/model/value.ts';
import { adoptValue } from '../../src/playbook/template/adopt-value.ts';
import { type Engine, makeRun } from '../../src/playbook/template/context.ts';
import { evaluateTemplate } from '../../src/playbook/template/evaluate.ts';
import { plugin } from '../../src/playbook/template/plugin.ts';
import { createTemplar, makeEngine } from '../../src/playbook/template/templar.ts';
import { reprOf } from '../../src/playbook/template/text.ts';
import {
  isUndefined,
  kindOf,
  type Py,
  typeName,
  type View,
} from '../../src/playbook/template/values.ts';
import { realEffects, scopeOf } from './template-effects.ts';

export type CaseKind = 'expression' | 'template' | 'file' | 'condition';

/** One text with its variables, worked out by us and by Ansible. */
export interface TemplateCase {
  readonly kind: CaseKind;
  readonly text: string;
  readonly vars: { readonly [name: string]: Value };
  /** Where its files are. */
  readonly folder?: string;
}

/** What came of a case: a value as Python's repr with its type, or why there is none. */
export interface Answer {
  readonly repr?: string;
  readonly type?: string;
  readonly undefined?: string;
  readonly error?: string;
}

export const fixtures = join(import.meta.dirname, '..', 'fixtures', 'templates');

/** All cases of the fixtures, by file. */
export function readCases(): Map<string, TemplateCase[]> {
  const files = readdirSync(fixtures).filter((name) => /^(?!differences).*\.yaml$/.test(name));
  return new Map(files.map((name) => [name, readFixture(name)]));
}

function readFixture(name: string): TemplateCase[] {
  const fixture = parse(readFileSync(join(fixtures, name), 'utf8')) as {
    [key: string]: unknown;
  };
  const vars = (fixture['vars'] ?? {}) as TemplateCase['vars'];
  const folder = fixture['folder'];
  const more = folder === undefined ? {} : { folder: join(fixtures, String(folder)) };
  const kinds: CaseKind[] = ['expression', 'template', 'file', 'condition'];
  return kinds.flatMap((kind) =>
    ((fixture[`${kind}s`] ?? []) as string[]).map((text) => ({
      kind,
      text: String(text),
      vars,
      ...more,
    })),
  );
}

const program = join(import.meta.dirname, 'programs', 'template-oracle.py');
const python = '/usr/bin/python3';

/** Whether Ansible is installed beside us. */
export function hasAnsible(): boolean {
  return spawnSync(python, ['-c', 'import ansible.template']).status === 0;
}

/** What Ansible makes of cases. */
export function askAnsible(cases: readonly TemplateCase[]): Answer[] {
  const asked = spawnSync(python, ['-W', 'ignore', program], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent', PWD: '/' },
  });
  if (asked.status !== 0) throw new Error(`the oracle failed: ${asked.stderr}`);
  return JSON.parse(asked.stdout) as Answer[];
}

let captured: Py = null;
const engine: Engine = {
  ...makeEngine(realEffects),
  filters: {
    ...makeEngine(realEffects).filters,
    labkit_capture: plugin('value', (_, [value]) => {
      captured = value;
      return 'captured';
    }),
  },
};
const templar = createTemplar(realEffects);

function describeValue(value: Py): Answer {
  if (isUndefined(value)) return { undefined: value.message };
  const plain = kindOf(value) === 'view' ? [...(value as View).items] : value;
  return { repr: reprOf(plain), type: typeName(plain) };
}

/** What we make of a case. Throws whatever is no TemplateError. */
export function askLabkit({ kind, text, vars, folder }: TemplateCase): Answer {
  const scope = scopeOf(vars, folder === undefined ? [] : [folder]);
  try {
    if (kind === 'expression') {
      evaluateTemplate(makeTemplate(`{{ (${text}) | labkit_capture }}`), scope, makeRun(engine));
      return describeValue(captured);
    }
    if (kind === 'template')
      return describeValue(adoptValue(templar.render(makeTemplate(text), scope)));
    if (kind === 'file') {
      const source = { text, file: join(folder ?? '/nonexistent', 'templates/file.j2') };
      return describeValue(templar.renderFile(source, scope));
    }
    const at = { file: 'play.yaml', line: 1, column: 1 };
    return describeValue(templar.judge({ expression: text, at }, scope));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { error: error.message };
  }
}

/** Whether two answers say the same. Messages of errors are not compared; those of undefined values are. A template's scalar is text to Ansible 2.14. */
export function agree(kind: CaseKind, ours: Answer, theirs: Answer): boolean {
  if (theirs.error !== undefined) return ours.error !== undefined;
  if (theirs.undefined !== undefined) return ours.undefined === theirs.undefined;
  if (ours.repr === theirs.repr) return true;
  return kind === 'template' && theirs.type === 'str' && theirs.repr === `'${ours.repr ?? ''}'`;
}
